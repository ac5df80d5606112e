package dev.realtime.internal.users;

import dev.realtime.ErrorCode;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.spi.Leases;
import dev.realtime.spi.SessionStore;
import dev.realtime.users.SingleLogin;
import dev.realtime.users.UserRules;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logins of a user in a namespace, of which there are as many as {@link UserRules#maxLogins()} says, fenced: a login is a compare-and-set of the
 * user's value, and its version is the fence. Of two at the same moment one comes second, and is the newer. Thread-safe.
 */
final class Logins {
    /** A session that lives for longer without a new login is remembered by its own node alone. */
    static final Duration LIFE = Duration.ofDays(30);

    /** A record is written by then. */
    private static final Duration BEGINNING = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Logins.class);

    private final UserRules rules;
    private final UserValues values;
    private final SessionStore sessions;
    private final Leases leases;
    private final NodeRuntime runtime;
    private final Supplier<String> epoch;

    /**
     * @param runtime of the node that sessions begin on
     * @param epoch of the backend
     */
    Logins(
            UserRules rules,
            UserValues values,
            SessionStore sessions,
            Leases leases,
            NodeRuntime runtime,
            Supplier<String> epoch) {
        this.rules = rules;
        this.values = values;
        this.sessions = sessions;
        this.leases = leases;
        this.runtime = runtime;
        this.epoch = epoch;
    }

    /** How many logins a user may have at a time. */
    int most() {
        return rules.maxLogins();
    }

    /** Whether a user may have so many sessions only in a namespace. */
    boolean isCapped(String namespace) {
        return rules.singleLogin() != SingleLogin.OFF
                && (rules.singleLoginIn().isEmpty() || rules.singleLoginIn().contains(namespace));
    }

    /**
     * Who wants in.
     *
     * @param privateId of the session that is to begin; null without recovery
     * @param asked the private id of a session of before that its client asks for; null if it asks for none
     * @param gone whether its client has given up meanwhile: it must not take the place of one that is there
     * @param takes told whose place it is about to take, or null if there is room; before that is written
     */
    record Newcomer(
            String namespace,
            String session,
            @Nullable String privateId,
            @Nullable String asked,
            BooleanSupplier gone,
            Consumer<@Nullable Login> takes) {}

    /**
     * What became of a login.
     *
     * @param refusal why the session may not begin; null if it may
     * @param stored what is known of the user by now
     */
    record Outcome(@Nullable ErrorCode refusal, UserValues.Stored stored) {}

    /**
     * Logs a session in that is about to begin. A client that asks for a session that was a login of this user, and is not any more, is the older one
     * that comes back by itself, and stays outside if there is a newer. One that asks for a session of nobody or of somebody else is new.
     *
     * @return fails, with {@link OvertakenException}, if somebody was faster or has just logged in and not begun; or if it is not known who is there: the client comes again, if it is still there, and is the newer then
     */
    CompletionStage<Outcome> logIn(String user, Newcomer newcomer) {
        return values.find(user).thenCompose(stored -> {
            List<Login> there = stored.facts().logins(newcomer.namespace);
            Login own = own(there, newcomer);
            if (own != null || there.size() < most()) {
                return enter(user, newcomer, stored, own);
            }
            boolean yields = olderWins() || isFormer(stored.facts(), newcomer);
            return yields
                    ? enterForOneGone(user, newcomer, stored, there)
                    : enter(user, newcomer, stored, stored.facts().oldest(newcomer.namespace));
        });
    }

    /** Takes the place of the first of those who are not there any more; is refused if all are. */
    private CompletionStage<Outcome> enterForOneGone(
            String user, Newcomer newcomer, UserValues.Stored stored, List<Login> there) {
        if (there.isEmpty()) {
            return CompletableFuture.completedFuture(new Outcome(ErrorCode.LOGGED_IN_ELSEWHERE, stored));
        }
        Login first = there.get(0);
        return lives(first, stored.now())
                .thenCompose(alive -> Boolean.TRUE.equals(alive)
                        ? enterForOneGone(user, newcomer, stored, there.subList(1, there.size()))
                        : enter(user, newcomer, stored, first));
    }

    private static boolean isFormer(UserFacts facts, Newcomer newcomer) {
        String asked = newcomer.asked;
        return asked != null && facts.wasLogin(newcomer.namespace, asked);
    }

    private boolean olderWins() {
        return rules.singleLogin() == SingleLogin.OLDER_WINS;
    }

    /** The login of the newcomer's client, of before; null if there is none. */
    private static @Nullable Login own(List<Login> there, Newcomer newcomer) {
        String asked = newcomer.asked;
        for (Login login : there) {
            boolean asksForIt = asked != null && (asked.equals(login.privateId()) || asked.equals(login.asked()));
            if (asksForIt || login.session().equals(newcomer.session)) {
                return login;
            }
        }
        return null;
    }

    /**
     * A session with a record lives or waits for its client; one without lives as long as its node does.
     *
     * @return fails while nobody knows, since it has just logged in and may begin yet, or never: whoever asks comes again
     */
    private CompletionStage<Boolean> lives(Login holder, long now) {
        String privateId = holder.privateId();
        if (privateId == null) {
            return leases.living().thenApply(living -> living.contains(holder.node()));
        }
        boolean begins = holder.until() - LIFE.toMillis() + BEGINNING.toMillis() > now;
        return sessions.find(privateId).thenCombine(leases.living(), (record, living) -> {
            if (record.isEmpty() && begins && living.contains(holder.node())) {
                throw new OvertakenException("session " + holder.session() + " has logged in and not begun");
            }
            return record.isPresent();
        });
    }

    /**
     * Enters a session, unless others have come since, for whom it would be one too many.
     *
     * @param found what the store had of the user
     * @param former whose place it takes; null if there is room
     */
    private CompletionStage<Outcome> enter(
            String user, Newcomer newcomer, UserValues.Stored found, @Nullable Login former) {
        String namespace = newcomer.namespace;
        AtomicBoolean full = new AtomicBoolean();
        return values.change(user, found, (facts, now) -> {
                    Login leaving = former == null ? null : facts.login(namespace, former.session());
                    boolean isThere = facts.login(namespace, newcomer.session) != null;
                    int staying = facts.logins(namespace).size() - (leaving == null && !isThere ? 0 : 1);
                    if (staying >= most() || newcomer.gone.getAsBoolean()) {
                        return null;
                    }
                    UserFacts in = facts.loggedIn(
                            namespace,
                            login(newcomer.session, newcomer.privateId, newcomer.asked, 0, now),
                            leaving,
                            now);
                    full.set(!in.hasRoom() || !UserValues.fits(in));
                    if (!isThere) { // else it has taken that place by a write that was not answered
                        newcomer.takes.accept(leaving);
                    }
                    return full.get() ? null : in;
                })
                .thenApply(stored -> {
                    if (full.get()) {
                        runtime.lines()
                                .warn(
                                        LOG,
                                        user,
                                        "user {} is not let in: there is no room for another login beside what is decided about it",
                                        user);
                        return new Outcome(ErrorCode.TOO_MANY_CONNECTIONS, stored);
                    }
                    if (stored.facts().login(namespace, newcomer.session) == null) {
                        throw new OvertakenException("user " + user + " has logged in elsewhere meanwhile");
                    }
                    return new Outcome(null, stored);
                });
    }

    private Login login(String session, @Nullable String privateId, @Nullable String asked, long fence, long now) {
        return new Login(session, privateId, asked, runtime.node(), epoch.get(), fence, now + LIFE.toMillis());
    }

    /**
     * Enters a session again whose login the store has lost, unless a newer has logged in.
     *
     * @param fence with which it has logged in; 0 if that is not known, and then any other is newer
     */
    CompletionStage<UserValues.Stored> keep(String user, UserSession session, long fence) {
        String namespace = session.namespace().name();
        return values.change(user, (facts, now) -> {
            if (facts.login(namespace, session.id()) != null || facts.isReplaced(namespace, fence, most())) {
                return null;
            }
            boolean full = facts.logins(namespace).size() >= most();
            return facts.loggedIn(
                    namespace,
                    login(session.id(), session.privateId(), null, Math.max(1, fence), now),
                    full ? facts.oldest(namespace) : null,
                    now);
        });
    }

    /**
     * A session has ended for good, or has not begun.
     *
     * @param still whether that is so when it is written
     * @param taken gives the login whose place it took, and which gets that back; null if none does
     */
    CompletionStage<UserValues.Stored> logOut(
            String user, String namespace, String session, BooleanSupplier still, Supplier<@Nullable Login> taken) {
        return values.change(user, (facts, now) -> {
            if (!still.getAsBoolean()) {
                return null;
            }
            UserFacts without = facts.loggedOut(namespace, session, now);
            Login back = taken.get();
            return back == null ? without : without.givenBack(namespace, back, most());
        });
    }
}
