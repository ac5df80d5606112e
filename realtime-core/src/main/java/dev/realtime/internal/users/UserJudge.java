package dev.realtime.internal.users;

import dev.realtime.DisconnectReason;
import dev.realtime.Event;
import dev.realtime.Principal;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.users.UserFacts.Revocation;
import dev.realtime.users.UserRules;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** What follows for the sessions of this node from what has been decided about their users. Thread-safe. */
final class UserJudge {
    private static final String REVOKED_TEXT = "Credentials revoked";

    private final NodeRuntime runtime;
    private final UserRules rules;
    private final Event<String> disconnectEvent;
    private final Logins logins;
    private final Consumer<KnownUser> again;
    private final BiConsumer<String, UserValues.Stored> announce;

    /**
     * @param again reads later what holds of a user, and judges it then
     * @param announce tells all nodes
     */
    UserJudge(
            NodeRuntime runtime,
            UserRules rules,
            Logins logins,
            Consumer<KnownUser> again,
            BiConsumer<String, UserValues.Stored> announce) {
        this.runtime = runtime;
        this.rules = rules;
        this.disconnectEvent = Event.of(rules.disconnectEvent(), String.class);
        this.logins = logins;
        this.again = again;
        this.announce = announce;
    }

    /** Whether credentials have been revoked. */
    static boolean isRefused(UserFacts facts, Principal principal) {
        Revocation revocation = facts.credentials();
        if (revocation == null) {
            return false;
        }
        Instant until = Instant.ofEpochMilli(revocation.issuedUntil());
        return principal.issuedAt().map(issued -> !issued.isAfter(until)).orElse(true);
    }

    /** Ends the sessions that may not go on, and enters those again whose login the store has lost. */
    void judge(KnownUser user) {
        if (user.mayDoOther()) {
            recheckRooms(user);
        }
        UserFacts facts = user.facts();
        for (UserSession session : user.sessions()) {
            if (isRefused(facts, session.principal())) {
                revoke(session);
            } else if (logins.isCapped(session.namespace().name())) {
                judgeLogin(user, facts, session);
            }
        }
    }

    /** The credentials of a session have been revoked. */
    void revoke(UserSession session) {
        session.sendAway(disconnectEvent, REVOKED_TEXT, DisconnectReason.CREDENTIALS_REVOKED);
    }

    private void recheckRooms(KnownUser user) {
        user.sessions().forEach(UserSession::recheckRooms);
        awaitEnd(user);
    }

    /** When a grant ends, its rooms do. */
    private void awaitEnd(KnownUser user) {
        OptionalLong left = user.rights().nextEnd(runtime.time().nanoTime());
        user.awaitEnd(
                left.isEmpty()
                        ? null
                        : runtime.time()
                                .schedule(
                                        Duration.ofNanos(left.getAsLong()),
                                        () -> runtime.workers().execute(() -> recheckRooms(user))));
    }

    private void judgeLogin(KnownUser user, UserFacts facts, UserSession session) {
        String namespace = session.namespace().name();
        Login mine = facts.login(namespace, session.id());
        if (mine != null) {
            user.fence(session, mine.fence());
        } else if (facts.isReplaced(namespace, user.fence(session), logins.most())) {
            session.sendAway(disconnectEvent, rules.newLoginText(), DisconnectReason.LOGGED_IN_ELSEWHERE);
        } else {
            keepLogin(user, session);
        }
    }

    private void keepLogin(KnownUser user, UserSession session) {
        logins.keep(user.id(), session, user.fence(session)).whenComplete((stored, failure) -> {
            if (failure != null) {
                again.accept(user);
            } else {
                announce.accept(user.id(), stored);
            }
        });
    }
}
