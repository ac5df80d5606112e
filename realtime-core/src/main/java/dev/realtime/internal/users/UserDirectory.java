package dev.realtime.internal.users;

import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.Event;
import dev.realtime.Principal;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.users.UserFacts.Revocation;
import dev.realtime.internal.users.UserValues.Stored;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Registration;
import dev.realtime.spi.Retention;
import dev.realtime.users.UserRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The users that have sessions on this node, and what has been decided about each: read from the store when one of their clients comes, kept up to date by
 * {@link Announcements}, and read again when some of those may have been missed. Thread-safe.
 */
public final class UserDirectory implements Announcements.Listener {
    static final String REVOKED_TEXT = "Credentials revoked";

    private static final Retention RETENTION = new Retention(Duration.ofMinutes(1), 10_000, 1 << 20);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final NodeRuntime runtime;
    private final Backend backend;
    private final UserRules rules;
    private final Event<String> disconnectEvent;
    private final StoreClock clock;
    private final UserValues values;
    private final Logins logins;
    private final Announcements announcements;
    private final Map<String, KnownUser> users = new ConcurrentHashMap<>();
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
        this.rules = rules;
        this.disconnectEvent = Event.of(rules.disconnectEvent(), String.class);
        this.clock = new StoreClock(runtime.time());
        this.values = new UserValues(backend.values(), clock);
        this.logins = new Logins(rules, values, backend.sessions(), backend.leases(), runtime.node(), backend::epoch);
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

    /** A client on its way in, whose user is known from now on; {@link #left} must follow. */
    public final class Arrival {
        private final KnownUser user;
        private final @Nullable ErrorCode refusal;
        private volatile boolean hasLeft;
        private @Nullable Runnable logOut; // of a session that has not begun; guarded by this

        private Arrival(KnownUser user, @Nullable ErrorCode refusal) {
            this.user = user;
            this.refusal = refusal;
        }

        /** Why the client is not let in; null if it is. */
        public @Nullable ErrorCode refusal() {
            return refusal;
        }

        /** Whether a session may be given back: no other has logged in since. */
        public boolean mayResume(String namespace, String session) {
            Login holder = logins.isSingle(namespace) ? user.facts().login(namespace) : null;
            return holder == null || holder.session().equals(session) || user.fenceOf(session) > holder.fence();
        }

        /** Whether the user may have one session only. */
        public boolean isSingle(String namespace) {
            return logins.isSingle(namespace);
        }

        /**
         * Logs a session in that is about to begin.
         *
         * @param privateId null without recovery
         * @param asked see {@link Logins.Newcomer}
         * @return completes with why it may not begin; with null if it may
         */
        public CompletionStage<@Nullable ErrorCode> logIn(
                String namespace, String session, @Nullable String privateId, @Nullable String asked) {
            return logins.logIn(user.id(), new Logins.Newcomer(namespace, session, privateId, asked, () -> hasLeft))
                    .thenApply(outcome -> {
                        if (outcome.refusal() == null) {
                            loggedIn(() -> logOut(user, namespace, session));
                            var unused = announce(user.id(), outcome.stored());
                        }
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

        /** The session that has logged in has begun: its own end logs it out. */
        public synchronized void begun() {
            logOut = null;
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
            letGo(user);
        }
    }

    /**
     * Reads what has been decided about a user who has just shown who it is.
     *
     * @return fails if the store cannot be reached
     */
    public CompletionStage<Arrival> arrive(Principal principal) {
        KnownUser user = hold(principal.id());
        CompletionStage<Boolean> revoked = principal
                .tokenId()
                .map(values::isTokenRevoked)
                .orElseGet(() -> CompletableFuture.completedFuture(false));
        CompletableFuture<Arrival> arrival = new CompletableFuture<>();
        load(user).thenCombine(revoked, (loaded, gone) -> gone).whenComplete((gone, failure) -> {
            if (failure != null) {
                letGo(user);
                arrival.completeExceptionally(failure);
            } else {
                boolean refused = gone || isRefused(user.facts(), principal);
                arrival.complete(new Arrival(user, refused ? ErrorCode.CREDENTIALS_REVOKED : null));
            }
        });
        return arrival;
    }

    private static boolean isRefused(UserFacts facts, Principal principal) {
        Revocation revocation = facts.credentials();
        if (revocation == null) {
            return false;
        }
        Instant until = Instant.ofEpochMilli(revocation.issuedUntil());
        return principal.issuedAt().map(issued -> !issued.isAfter(until)).orElse(true);
    }

    private KnownUser hold(String id) {
        while (true) {
            KnownUser user = users.computeIfAbsent(id, KnownUser::new);
            if (user.hold()) {
                return user;
            }
            users.remove(id, user);
        }
    }

    private void letGo(KnownUser user) {
        if (user.letGo()) {
            users.remove(user.id(), user);
        }
    }

    // ---- sessions

    /**
     * A session of a user begins, or has come to this node; {@link #leave} follows.
     *
     * @param begun runs something when it has begun: nobody is sent away who has not yet come
     */
    KnownUser enter(UserSession session, Executor begun) {
        KnownUser user = hold(session.principal().id());
        user.enter(session);
        begun.execute(() -> runtime.workers().execute(() -> look(user, session)));
        return user;
    }

    private void look(KnownUser user, UserSession session) {
        if (user.isLoaded()) {
            judge(user);
            if (!user.rights().isUnchanged()) {
                session.recheckRooms(); // its interceptors may have been asked before that was known
            }
            checkToken(user, session); // it may have been revoked since the client came
        } else {
            reload(user);
        }
    }

    void leave(KnownUser user, UserSession session) {
        user.leave(session);
        letGo(user);
    }

    /** The session has ended, here and everywhere. */
    void ended(KnownUser user, UserSession session) {
        String namespace = session.namespace().name();
        if (logins.isSingle(namespace)) {
            logOut(user, namespace, session.id());
        }
    }

    private void logOut(KnownUser user, String namespace, String session) {
        if (!closed) {
            var unused = logins.logOut(user.id(), namespace, session).thenAccept(stored -> learn(user, stored));
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
        user(id, stored.version(), stored.text());
        return stored.changed()
                ? announcements.user(id, stored.version(), stored.text())
                : CompletableFuture.completedFuture(null);
    }

    /** Tells of a login. It may have been written by a call that was made again, and was told no then: so it is told in any case. */
    private CompletionStage<Void> announce(String id, Stored stored) {
        user(id, stored.version(), stored.text());
        return announcements.user(id, stored.version(), stored.text());
    }

    @Override
    public void user(String id, long version, String text) {
        KnownUser user = users.get(id);
        if (user != null) {
            UserFacts facts = UserFacts.parse(text, version);
            if (user.learn(version, facts, Rights.of(facts, clock))) {
                runtime.workers().execute(() -> judge(user));
            }
        }
    }

    @Override
    public void token(String tokenId) {
        runtime.workers()
                .execute(() -> users.values()
                        .forEach(user -> user.sessions().stream()
                                .filter(session -> session.principal()
                                        .tokenId()
                                        .filter(tokenId::equals)
                                        .isPresent())
                                .forEach(this::revoke)));
    }

    private void learn(KnownUser user, Stored stored) {
        if (user.learn(stored.version(), stored.facts(), Rights.of(stored.facts(), clock))) {
            runtime.workers().execute(() -> judge(user));
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
                runtime.workers().execute(() -> judge(user));
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
                    judge(user);
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
                        runtime.workers().execute(() -> revoke(session));
                    }
                }));
    }

    private void revoke(UserSession session) {
        session.sendAway(disconnectEvent, REVOKED_TEXT, DisconnectReason.CREDENTIALS_REVOKED);
    }

    // ---- what follows for sessions

    /** The user of a session as it is at run time. */
    public Principal now(Principal principal) {
        KnownUser user = principal.anonymous() ? null : users.get(principal.id());
        return user == null
                ? principal
                : user.rights().applied(principal, runtime.time().nanoTime());
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

    /** Ends the sessions that may not go on, and enters those again whose login the store has lost. */
    private void judge(KnownUser user) {
        if (user.mayDoOther()) {
            recheckRooms(user);
        }
        UserFacts facts = user.facts();
        for (UserSession session : user.sessions()) {
            if (isRefused(facts, session.principal())) {
                revoke(session);
            } else if (logins.isSingle(session.namespace().name())) {
                judgeLogin(user, facts, session);
            }
        }
    }

    private void judgeLogin(KnownUser user, UserFacts facts, UserSession session) {
        Login holder = facts.login(session.namespace().name());
        if (holder != null && holder.session().equals(session.id())) {
            user.fence(session, holder.fence());
        } else if (holder == null || user.fence(session) > holder.fence()) {
            keepLogin(user, session);
        } else {
            session.sendAway(disconnectEvent, rules.newLoginText(), DisconnectReason.LOGGED_IN_ELSEWHERE);
        }
    }

    private void keepLogin(KnownUser user, UserSession session) {
        logins.keep(user.id(), session, user.fence(session)).whenComplete((stored, failure) -> {
            if (failure != null) {
                again(user);
            } else {
                var unused = announce(user.id(), stored);
            }
        });
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
            runtime.workers().execute(() -> List.copyOf(users.values()).forEach(this::reload));
        }
    }

    /** Nothing is told or heard any more. */
    public void close() {
        closed = true;
        watch.close();
        announcements.close();
    }
}
