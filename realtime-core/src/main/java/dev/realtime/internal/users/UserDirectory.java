package dev.realtime.internal.users;

import dev.realtime.ErrorCode;
import dev.realtime.Principal;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.node.StoreClock;
import dev.realtime.internal.users.UserValues.Stored;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Registration;
import dev.realtime.spi.Retention;
import dev.realtime.users.UserRules;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The users that have sessions on this node, and what has been decided about each: read from the store when one of their clients comes, kept up to date by
 * {@link Announcements}, and read again when some of those may have been missed. Thread-safe.
 */
public final class UserDirectory implements Announcements.Listener {
    private static final Retention RETENTION = new Retention(Duration.ofMinutes(1), 10_000, 1 << 20);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final NodeRuntime runtime;
    private final Backend backend;
    private final StoreClock clock;
    private final UserValues values;
    private final Logins logins;
    private final Announcements announcements;
    private final Logouts logouts;
    private final UserJudge judge;
    private final KnownUsers users = new KnownUsers();
    private final Registration watch;
    // guarded by this
    private String epoch;
    private long gaps;
    private boolean degraded;
    private volatile boolean closed;

    /** @throws UnsupportedOperationException if the backend has no values */
    @SuppressWarnings("this-escape")
    public UserDirectory(NodeRuntime runtime, Backend backend, UserRules rules) {
        this.runtime = runtime;
        this.backend = backend;
        this.clock = new StoreClock(runtime.time());
        this.values = new UserValues(backend.values(), clock);
        this.logins = new Logins(rules, values, backend.sessions(), backend.leases(), runtime, backend::epoch);
        this.logouts = new Logouts(logins, runtime, this::learn);
        this.judge = new UserJudge(runtime, rules, logins, this::again, this::announce);
        this.announcements =
                new Announcements(backend.log(Announcements.NAMESPACE, runtime.node(), RETENTION), runtime, this);
        this.epoch = backend.epoch();
        this.gaps = backend.gaps();
        announcements.start();
        this.watch = backend.watch(this::changed);
    }

    UserValues values() {
        return values;
    }

    // ---- clients that come

    /**
     * Reads what has been decided about a user who has just shown who it is.
     *
     * @return fails if the store cannot be reached
     */
    public CompletionStage<Arrival> arrive(Principal principal) {
        KnownUser user = users.hold(principal.id());
        CompletionStage<Boolean> revoked = principal
                .tokenId()
                .map(values::isTokenRevoked)
                .orElseGet(() -> CompletableFuture.completedFuture(false));
        CompletableFuture<Arrival> arrival = new CompletableFuture<>();
        load(user).thenCombine(revoked, (loaded, gone) -> gone).whenComplete((gone, failure) -> {
            if (failure != null) {
                users.letGo(user);
                arrival.completeExceptionally(failure);
            } else {
                boolean refused = gone || UserJudge.isRefused(user.facts(), principal);
                arrival.complete(new Arrival(
                        user,
                        refused ? ErrorCode.CREDENTIALS_REVOKED : null,
                        logins,
                        logouts,
                        stored -> user.learn(stored.version(), stored.facts(), Rights.of(stored.facts(), clock)),
                        stored -> begun(user, stored),
                        () -> users.letGo(user)));
            }
        });
        return arrival;
    }

    // ---- sessions

    /**
     * A session of a user begins, or has come to this node; {@link #leave} follows.
     *
     * @param begun runs something when it has begun: nobody is sent away who has not yet come
     */
    KnownUser enter(UserSession session, Executor begun) {
        KnownUser user = users.hold(session.principal().id());
        user.enter(session);
        begun.execute(() -> runtime.workers().execute(() -> look(user, session)));
        return user;
    }

    private void look(KnownUser user, UserSession session) {
        if (!user.sessions().contains(session)) {
            return; // it has not begun: nobody goes for it
        }
        if (user.isLoaded()) {
            judge.judge(user);
            if (!user.rights().isUnchanged()) {
                session.recheckRooms(); // they may have become less since its interceptors were asked
            }
            checkToken(user, session); // it may have been revoked since the client came
        } else {
            reload(user);
        }
    }

    void leave(KnownUser user, UserSession session) {
        user.leave(session);
        users.letGo(user);
    }

    /** The session has ended, here and everywhere. */
    void ended(KnownUser user, UserSession session) {
        String namespace = session.namespace().name();
        if (logins.isCapped(namespace)) {
            logouts.logOut(user.id(), namespace, session.id());
        }
    }

    /** Its client has shown other credentials. */
    void renewed(KnownUser user) {
        reload(user);
    }

    // ---- what is decided

    /** Changes what holds of a user. Completes when it does, and all nodes are being told. */
    CompletionStage<Void> decide(String id, BiFunction<UserFacts, Long, @Nullable UserFacts> change) {
        return values.change(id, change).thenCompose(stored -> tell(id, stored));
    }

    CompletionStage<Void> revokeToken(String tokenId, Duration duration) {
        return values.revokeToken(tokenId, duration).thenCompose(done -> announcements.token(tokenId));
    }

    private CompletionStage<Void> tell(String id, Stored stored) {
        user(id, stored.version(), stored.announced());
        return stored.changed()
                ? announcements.user(id, stored.version(), stored.announced())
                : CompletableFuture.completedFuture(null);
    }

    /** Tells of a login. It may have been written by a call that was made again, and was told no then: so it is told in any case. */
    private void announce(String id, Stored stored) {
        user(id, stored.version(), stored.announced());
        var unused = announcements.user(id, stored.version(), stored.announced());
    }

    /** A session has begun that has logged in: whoever has to go for it goes now. */
    private void begun(KnownUser user, Stored stored) {
        announce(user.id(), stored);
        runtime.workers().execute(() -> judge.judge(user)); // what is announced here is no news here
    }

    @Override
    public void user(String id, long version, String text) {
        KnownUser user = users.find(id);
        if (user != null && user.isNews(version)) { // whoever has decided it hears of it once more
            UserFacts facts = UserFactsText.parse(text, version);
            if (user.learn(version, facts, Rights.of(facts, clock))) {
                runtime.workers().execute(() -> judge.judge(user));
            }
        }
    }

    @Override
    public void token(String tokenId) {
        runtime.workers()
                .execute(() -> users.all()
                        .forEach(user -> user.sessions().stream()
                                .filter(session -> session.principal()
                                        .tokenId()
                                        .filter(tokenId::equals)
                                        .isPresent())
                                .forEach(judge::revoke)));
    }

    private void learn(String id, Stored stored) {
        KnownUser user = users.find(id);
        if (user != null && user.learn(stored.version(), stored.facts(), Rights.of(stored.facts(), clock))) {
            runtime.workers().execute(() -> judge.judge(user));
        }
    }

    /** Reads from the store what holds of a user, which may be older than what is known here: then the store has lost something. */
    private CompletionStage<Void> load(KnownUser user) {
        long changes = user.changes();
        return values.find(user.id()).thenCompose(stored -> {
            Rights rights = Rights.of(stored.facts(), clock);
            if (!user.learnAsStored(stored.version(), stored.facts(), rights, changes)) {
                return load(user);
            }
            if (user.changes()
                    != changes) { // whoever has asked may be gone before it looks at the sessions that are here
                runtime.workers().execute(() -> judge.judge(user));
            }
            return CompletableFuture.completedFuture(null);
        });
    }

    /** Reads it again, tokens included, as often as it takes while the user has sessions here. */
    private void reload(KnownUser user) {
        load(user)
                .whenComplete((loaded, failure) -> runtime.workers().execute(() -> {
                    if (failure != null) {
                        again(user);
                        return;
                    }
                    judge.judge(user);
                    user.sessions().forEach(session -> checkToken(user, session));
                }));
    }

    private void again(KnownUser user) {
        if (!closed && !user.sessions().isEmpty() && user.willBeReadAgain()) {
            runtime.time()
                    .schedule(
                            AGAIN,
                            () -> runtime.workers().execute(() -> {
                                user.isReadAgain();
                                reload(user);
                            }));
        }
    }

    private void checkToken(KnownUser user, UserSession session) {
        session.principal()
                .tokenId()
                .ifPresent(token -> values.isTokenRevoked(token).whenComplete((revoked, failure) -> {
                    if (failure != null) {
                        again(user);
                    } else if (Boolean.TRUE.equals(revoked)) {
                        runtime.workers().execute(() -> judge.revoke(session));
                    }
                }));
    }

    // ---- what follows for sessions

    /** The user of a session as it is at run time. */
    public Principal now(Principal principal) {
        KnownUser user = principal.anonymous() ? null : users.find(principal.id());
        return user == null
                ? principal
                : user.rights().applied(principal, runtime.time().nanoTime());
    }

    // ---- what may have been missed

    private void changed() {
        boolean missed;
        synchronized (this) {
            String epochNow = backend.epoch();
            long gapsNow = backend.gaps();
            boolean degradedNow = backend.isDegraded();
            missed = !epochNow.equals(epoch) || gapsNow != gaps || (degraded && !degradedNow);
            epoch = epochNow;
            gaps = gapsNow;
            degraded = degradedNow;
        }
        if (missed) {
            runtime.workers().execute(() -> users.all().forEach(this::reload));
        }
    }

    /** Nothing is told or heard any more. */
    public void close() {
        closed = true;
        logouts.close();
        watch.close();
        announcements.close();
    }
}
