package dev.realtime.internal.users;

import dev.realtime.ErrorCode;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client on its way in, whose user is known from now on; {@link #left} must follow. Thread-safe. */
public final class Arrival {
    private final KnownUser user;
    private final @Nullable ErrorCode refusal;
    private final Logins logins;
    private final Logouts logouts;
    private final Consumer<UserValues.Stored> learn;
    private final Consumer<UserValues.Stored> announce;
    private final Runnable letGo;
    private volatile boolean hasLeft;
    private volatile @Nullable Login taken; // whose place its own login takes
    private volatile UserValues.@Nullable Stored in; // what holds since its login
    private @Nullable Runnable logOut; // of a session that has not begun, or in doubt of one; guarded by this

    /**
     * @param refusal why the client is not let in; null if it is
     * @param learn takes note of a login that nobody goes for yet
     * @param announce tells of one whose session has begun: who has to go for it goes then
     * @param letGo the user is needed no longer
     */
    Arrival(
            KnownUser user,
            @Nullable ErrorCode refusal,
            Logins logins,
            Logouts logouts,
            Consumer<UserValues.Stored> learn,
            Consumer<UserValues.Stored> announce,
            Runnable letGo) {
        this.user = user;
        this.refusal = refusal;
        this.logins = logins;
        this.logouts = logouts;
        this.learn = learn;
        this.announce = announce;
        this.letGo = letGo;
    }

    /** Why the client is not let in; null if it is. */
    public @Nullable ErrorCode refusal() {
        return refusal;
    }

    /** Whether a session may be given back: no other has logged in since. */
    public boolean mayResume(String namespace, String session) {
        if (!logins.isCapped(namespace)) {
            return true;
        }
        UserFacts facts = user.facts();
        return facts.login(namespace, session) != null
                || !facts.isReplaced(namespace, user.fenceOf(session), logins.most());
    }

    /** Whether the user may have so many sessions only in the whole cluster. */
    public boolean isCapped(String namespace) {
        return logins.isCapped(namespace);
    }

    /**
     * Logs a session in that is about to begin. Nobody is told before it {@linkplain #begun has}, and if it does not, the one whose place it has taken gets
     * that back.
     *
     * @param privateId null without recovery
     * @param asked see {@link Logins.Newcomer}
     * @param gone whether its client is not there any more: it does not log in then
     * @return completes with why it may not begin; with null if it may; fails with {@link OvertakenException} if somebody else logs in at the same moment
     */
    public CompletionStage<@Nullable ErrorCode> logIn(
            String namespace,
            String session,
            @Nullable String privateId,
            @Nullable String asked,
            BooleanSupplier gone) {
        taken = logouts.isBack(user.id(), namespace, session);
        synchronized (this) {
            logOut = () -> logouts.logOutInDoubt(user.id(), namespace, session, taken); // until it is known
        }
        Logins.Newcomer newcomer = new Logins.Newcomer(
                namespace, session, privateId, asked, () -> hasLeft || gone.getAsBoolean(), leaving -> taken = leaving);
        return logins.logIn(user.id(), newcomer).thenApply(outcome -> {
            Runnable undo = () -> logouts.logOut(user.id(), namespace, session, taken);
            if (outcome.refusal() == null) {
                in = outcome.stored();
            }
            loggedIn(outcome.refusal() == null ? undo : () -> {});
            return outcome.refusal();
        });
    }

    private void loggedIn(Runnable undo) {
        synchronized (this) {
            if (!hasLeft) {
                logOut = undo;
                return;
            }
        }
        undo.run(); // it took so long that the client has gone
    }

    /** The session that has logged in is about to be one of the user's here: it is known by then why it may. */
    public void begins() {
        UserValues.Stored stored = in;
        if (stored != null) {
            learn.accept(stored);
        }
    }

    /** The session that has logged in has begun: its own end logs it out, and who has to go for it is told. */
    public void begun() {
        synchronized (this) {
            logOut = null;
        }
        UserValues.Stored stored = in;
        if (stored != null) {
            announce.accept(stored);
        }
    }

    /** The client is in, or will not be. */
    public void left() {
        Runnable undo;
        synchronized (this) {
            hasLeft = true;
            undo = logOut;
            logOut = null;
        }
        if (undo != null) {
            undo.run();
        }
        letGo.run();
    }
}
