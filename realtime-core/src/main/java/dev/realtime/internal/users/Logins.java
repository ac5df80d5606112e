package dev.realtime.internal.users;

import dev.realtime.ErrorCode;
import dev.realtime.spi.Leases;
import dev.realtime.spi.SessionStore;
import dev.realtime.users.SingleLogin;
import dev.realtime.users.UserRules;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The single login of a user in a namespace, fenced: the login is a compare-and-set of the user's value, and its version is the fence. Of two at the same
 * moment one comes second, and is the newer. Thread-safe.
 */
final class Logins {
    /** A session that lives for longer without a new login is remembered by its own node alone. */
    static final Duration LIFE = Duration.ofDays(30);

    /** A record is written by then. */
    private static final Duration BEGINNING = Duration.ofSeconds(10);

    private final UserRules rules;
    private final UserValues values;
    private final SessionStore sessions;
    private final Leases leases;
    private final String node;
    private final Supplier<String> epoch;

    /**
     * @param node that sessions begin on
     * @param epoch of the backend
     */
    Logins(
            UserRules rules,
            UserValues values,
            SessionStore sessions,
            Leases leases,
            String node,
            Supplier<String> epoch) {
        this.rules = rules;
        this.values = values;
        this.sessions = sessions;
        this.leases = leases;
        this.node = node;
        this.epoch = epoch;
    }

    /** Whether a user may have one session only in a namespace. */
    boolean isSingle(String namespace) {
        return rules.singleLogin() != SingleLogin.OFF
                && (rules.singleLoginIn().isEmpty() || rules.singleLoginIn().contains(namespace));
    }

    /**
     * Who wants in.
     *
     * @param privateId of the session that is to begin; null without recovery
     * @param asked the private id of a session of before that its client asks for; null if it asks for none
     * @param gone whether its client has given up meanwhile: it must not take the place of one that came later
     */
    record Newcomer(
            String namespace,
            String session,
            @Nullable String privateId,
            @Nullable String asked,
            BooleanSupplier gone) {}

    /**
     * What became of a login.
     *
     * @param refusal why the session may not begin; null if it may
     * @param stored what is known of the user by now
     */
    record Outcome(@Nullable ErrorCode refusal, UserValues.Stored stored) {}

    /**
     * Logs a session in that is about to begin. A client that asks for a session of before, and cannot have it, is the older one that comes back by
     * itself, and stays outside if there is a newer.
     *
     * @return fails if somebody was faster, or it is not known who is there: the client comes again, if it is still there, and is the newer then
     */
    CompletionStage<Outcome> logIn(String user, Newcomer newcomer) {
        return logIn(user, newcomer, null);
    }

    /** @param dead a holder that is known to be gone */
    private CompletionStage<Outcome> logIn(String user, Newcomer newcomer, @Nullable String dead) {
        return values.find(user).thenCompose(stored -> {
            Login holder = stored.facts().login(newcomer.namespace);
            boolean yields = newcomer.asked != null || olderWins();
            if (holder == null
                    || !yields
                    || isOwn(holder, newcomer)
                    || isDoubtful(holder)
                    || holder.session().equals(dead)) {
                return replace(user, newcomer, stored, holder);
            }
            return lives(holder, stored.now())
                    .thenCompose(alive -> Boolean.TRUE.equals(alive)
                            ? CompletableFuture.completedFuture(new Outcome(ErrorCode.LOGGED_IN_ELSEWHERE, stored))
                            : logIn(user, newcomer, holder.session()));
        });
    }

    private boolean olderWins() {
        return rules.singleLogin() == SingleLogin.OLDER_WINS;
    }

    /** The store has lost something since that login: perhaps a later one, by the client that comes back now. */
    private boolean isDoubtful(Login holder) {
        return !olderWins() && !holder.epoch().equals(epoch.get());
    }

    private static boolean isOwn(Login holder, Newcomer newcomer) {
        String asked = newcomer.asked;
        return asked != null && (asked.equals(holder.privateId()) || asked.equals(holder.asked()));
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
                throw new IllegalStateException("session " + holder.session() + " has logged in and not begun");
            }
            return record.isPresent();
        });
    }

    /** Takes the place of one session, or of none, and not of one that has come since. */
    private CompletionStage<Outcome> replace(
            String user, Newcomer newcomer, UserValues.Stored found, @Nullable Login former) {
        return values.change(user, found, (facts, now) -> {
                    Login holder = facts.login(newcomer.namespace);
                    boolean overtaken = holder != null
                            && (former == null || !holder.session().equals(former.session()));
                    return overtaken || newcomer.gone.getAsBoolean()
                            ? null
                            : facts.loggedIn(
                                    newcomer.namespace,
                                    login(newcomer.session, newcomer.privateId, newcomer.asked, 0, now),
                                    now);
                })
                .thenApply(stored -> {
                    Login holder = stored.facts().login(newcomer.namespace);
                    if (holder == null || !holder.session().equals(newcomer.session)) {
                        throw new IllegalStateException("user " + user + " has logged in elsewhere meanwhile");
                    }
                    return new Outcome(null, stored);
                });
    }

    private Login login(String session, @Nullable String privateId, @Nullable String asked, long fence, long now) {
        return new Login(session, privateId, asked, node, epoch.get(), fence, now + LIFE.toMillis());
    }

    /**
     * Enters a session again whose login the store has lost, unless a newer has logged in.
     *
     * @param fence with which it has logged in; 0 if that is not known, and then any other is newer
     */
    CompletionStage<UserValues.Stored> keep(String user, UserSession session, long fence) {
        String namespace = session.namespace().name();
        return values.change(user, (facts, now) -> {
            Login holder = facts.login(namespace);
            boolean holds = holder != null && holder.session().equals(session.id());
            return holds || facts.isReplaced(namespace, fence)
                    ? null
                    : facts.loggedIn(
                            namespace, login(session.id(), session.privateId(), null, Math.max(1, fence), now), now);
        });
    }

    /**
     * A session has ended for good.
     *
     * @param still whether that is so when it is written
     */
    CompletionStage<UserValues.Stored> logOut(String user, String namespace, String session, BooleanSupplier still) {
        return values.change(user, (facts, now) -> {
            Login holder = facts.login(namespace);
            boolean holds = holder != null && holder.session().equals(session);
            return holds && still.getAsBoolean() ? facts.loggedOut(namespace) : null;
        });
    }
}
