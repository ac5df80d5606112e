package dev.realtime;

import dev.realtime.batches.Batches;
import dev.realtime.envelope.HeaderListener;
import dev.realtime.limits.RateLimit;
import dev.realtime.limits.RefusalListener;
import dev.realtime.mail.MailOptions;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.schedule.ScheduleOptions;
import dev.realtime.state.State;
import dev.realtime.state.StateListener;
import dev.realtime.throttle.Throttle;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a namespace does: who is let in, and what its handlers and listeners are. It is filled in once, while the engine is built.
 *
 * <pre>{@code
 * Realtime realtime = Realtime.builder()
 *     .namespace("/", game -> game.allowAnonymous()
 *         .onConnect(session -> session.join("zone:tavern"))
 *         .on(SAY, (session, chat) -> session.room("zone:tavern").emit(SAID, chat))
 *         .on(BUY, (session, buy) -> buy.item().length())
 *         .onDisconnect((session, reason) -> lobby.remove(session.id())))
 *     .build();
 * }</pre>
 *
 * <h2>Threads</h2>
 *
 * <p>Handlers and listeners of one session run one after another, in the order of the wire, and never two at once; those of different sessions run
 * beside each other. They run on threads of the engine and, while others block, on virtual threads where the JVM has them (Java 21 and
 * later), else on up to {@link RealtimeBuilder#handlerThreads} threads: they may block, and hold up nobody but their session. {@link #directExecutor()} gives that up for
 * speed.
 *
 * <h2>The life of a session</h2>
 *
 * <p>{@link #onConnect} begins it. When the connection is lost, {@link #onSuspend} is told, and either {@link #onResume} or {@link #onDisconnect} follows.
 * A client that comes back at another node is resumed there, and {@link #onMoved} is told here. {@link #onConnect} and {@link #onDisconnect} are told
 * exactly once of each session, whatever fails in between.
 *
 * <h2>Answers and errors</h2>
 *
 * <p>A handler of an {@link Event} returns nothing, and its client gets an empty acknowledgement if it asks for one
 * ({@link Event#unacknowledged()} ends that). A handler of a {@link Request} returns the reply, {@linkplain #onAsync later} if it has to, or
 * {@linkplain #onAcknowledge acknowledges by itself} as Node.js handlers do. A handler that cannot do what it is asked throws
 * {@link EventRefusedException}; whatever else it throws is logged, told to {@link #onError}, and answered with {@link ErrorCode#HANDLER_FAILED}. What
 * the client sees of that is a choice of the namespace:
 *
 * <pre>{@code
 * game.refusals(RefusalForm.VALUE); // ack({error: {code, message}}): the default
 * game.refusals(RefusalForm.ERROR_FIRST); // ack({code, message})
 * game.refusals(RefusalForm.NOTHING); // as with Node.js, the client's own timeout ends it
 * }</pre>
 *
 * <p>Not thread-safe. Each method but those that add, such as {@link #on} and {@link #intercept}, replaces what was set before, and returns this object.
 */
public interface NamespaceSetup {

    /** Adds a listener for new sessions. Events of the client are handled after it has returned. */
    NamespaceSetup onConnect(SessionListener listener);

    /** Adds a listener for lost connections: the session waits for its client, for {@link Recovery#window()}. */
    NamespaceSetup onSuspend(SessionEndListener listener);

    /** Adds a listener for clients that are back, and get what they missed. */
    NamespaceSetup onResume(SessionListener listener);

    /**
     * Adds a listener for sessions that have ended; called once for each {@link #onConnect}, on the node that had it last. {@link Session#rooms()} are
     * those that it was in, so that who is left there can be told.
     */
    NamespaceSetup onDisconnect(SessionEndListener listener);

    /** Adds a listener for sessions that go on at another node: what this node keeps for them can go. Instead of {@link #onDisconnect}, here. */
    NamespaceSetup onMoved(SessionListener listener);

    /** Adds a listener for clients that asked for their old session and get a fresh one; called in the fresh session before {@link #onConnect}. */
    NamespaceSetup onFresh(FreshListener listener);

    /**
     * Sets what a new session's client is told of its features, as {@code features} of the {@linkplain dev.realtime.events.LifecycleEvents#confirmed() event} that confirms it.
     * Default: nothing. Without such an event nobody is asked.
     *
     * <pre>{@code
     * game.features(principal -> Map.of("spectate", true, "kick", principal.roles().contains("moderator")));
     * }</pre>
     */
    NamespaceSetup features(FeatureRule rule);

    /**
     * Sets who is told that the client of a session is away: those who may see its user. They get the event {@link
     * dev.realtime.events.LifecycleEvents#temporarilyDisconnected()}, reliably, once for each absence. Default: nobody.
     *
     * <pre>{@code
     * game.absencesTo(session -> session.room(Rooms.GUILD.of(session.get(GUILD))));
     * }</pre>
     *
     * <p>They are told at once where the node sees that the client has gone. A client that the server itself has sent away to come again (a node stops, a connection
     * is replaced, the epoch changes), and one whose node has died, has five seconds to come, or half of the recovery window if that is shorter. The session itself is not told.
     */
    NamespaceSetup absencesTo(AbsenceAudience audience);

    /**
     * Adds a listener for failures of handlers and listeners: whatever they throw but refusals. It is called in the thread that has failed, when the
     * failure has been logged and the client has its answer. Default: none.
     */
    NamespaceSetup onError(ErrorListener listener);

    /**
     * Adds a listener for what clients of this namespace are refused by the engine: events beyond a limit or without a permission, and sessions that did not begin.
     * {@link RealtimeBuilder#onRefusal} says how it is called. Default: none.
     */
    NamespaceSetup onRefusal(RefusalListener listener);

    /** Adds a listener that is told of each event with {@linkplain Broadcast#header headers} when this node has delivered it. Default: nobody is. */
    NamespaceSetup onHeaders(HeaderListener listener);

    /**
     * Handles an event. If the client wants an acknowledgement it gets an empty one afterwards.
     *
     * @throws IllegalArgumentException if another handler has that name
     */
    <T> NamespaceSetup on(Event<T> event, EventHandler<T> handler);

    /**
     * Answers a request with what the handler returns.
     *
     * @throws IllegalArgumentException if another handler has that name
     */
    <T, R> NamespaceSetup on(Request<T, R> request, RequestHandler<T, R> handler);

    /**
     * Answers a request with what the handler's stage brings; the session's next event is handled when it has completed. After
     * {@link dev.realtime.limits.Limits#handlerTimeout()} the client gets {@link ErrorCode#TIMEOUT}, and the session goes on.
     *
     * @throws IllegalArgumentException if another handler has that name
     */
    <T, R> NamespaceSetup onAsync(Request<T, R> request, AsyncRequestHandler<T, R> handler);

    /**
     * Handles a request that its handler acknowledges by itself: now, later from any thread, or never. The session's next event does not wait for that.
     * A handler that throws refuses, as ever.
     *
     * <pre>{@code
     * game.onAcknowledge(FIND_MATCH, (session, wish, answer) -> {
     *     if (answer.isWanted()) {
     *         found.thenAccept(match -> answer.give(match));
     *     }
     * });
     * }</pre>
     *
     * @throws IllegalArgumentException if another handler has that name
     */
    <T, R> NamespaceSetup onAcknowledge(Request<T, R> request, AcknowledgingHandler<T, R> handler);

    /**
     * Handles events that no contract names. Without it they are refused with {@link ErrorCode#UNKNOWN_EVENT}, in the form of {@link #refusals}, counted
     * ({@code events.unknown}) and logged.
     */
    NamespaceSetup onUnknown(UnknownEventHandler handler);

    /**
     * Sets how refusals, failures and unknown events are answered. Default: {@link RefusalForm#VALUE}. The official JavaScript client takes any
     * acknowledgement for a success: {@code emitWithAck} resolves with it, and the {@code err} of {@code timeout(5000).emit(…, (err, reply) => …)} is null.
     * Clients have to look at what they get, or have {@link RefusalForm#NOTHING} and a timeout. Requests that are {@link Request#errorFirst()} are always
     * answered with the error first.
     */
    NamespaceSetup refusals(RefusalForm form);

    /**
     * Sets how often one user may send anything at all: events with and without a contract, and renewals of credentials. An event has to find room here and in
     * the {@linkplain Event#limit limits of its contract}; where one of them refuses it, it counts in none. Default: any number of times.
     *
     * @throws IllegalArgumentException if the limit has a category
     */
    NamespaceSetup limit(RateLimit limit);

    /** Adds an interceptor for new connections; they run in this order, after authentication. */
    NamespaceSetup intercept(ConnectInterceptor interceptor);

    /** Adds an interceptor around every event with a contract; the first added is the outermost. */
    NamespaceSetup intercept(EventInterceptor interceptor);

    /**
     * Sets who tells who the clients of this namespace are, in place of the {@linkplain RealtimeBuilder#authenticator one of the engine}: for people who have other
     * credentials than players have.
     *
     * @param value default: the engine's
     */
    NamespaceSetup authenticator(Authenticator value);

    /**
     * Lets clients in that have no credentials. They may show some later ({@link RealtimeBuilder#authenticateEvent}). Default: they are refused with
     * {@link ErrorCode#UNAUTHORIZED}, if there is an {@link Authenticator}.
     */
    NamespaceSetup allowAnonymous();

    /**
     * Lets clients in that have no credentials yet. They have so long to show some by {@link RealtimeBuilder#authenticateEvent}; until then all else that they send is
     * answered with {@link ErrorCode#UNAUTHORIZED}, and who is still nobody by then is told so and disconnected ({@link DisconnectReason#NOT_AUTHENTICATED}).
     * In place of {@link #allowAnonymous()}, under which a client without credentials may stay.
     *
     * <pre>{@code
     * chat.authenticateWithin(Duration.ofSeconds(10))
     *         .onAuthenticate(session -> session.join("chat:global"));
     * }</pre>
     *
     * @param deadline from 1 second to 1 hour
     * @throws IllegalArgumentException if the deadline is shorter or longer
     */
    NamespaceSetup authenticateWithin(Duration deadline);

    /**
     * Adds a listener for clients that came without credentials and have shown some since: {@link Session#principal()} is their user from here on, and the session
     * is in the room of that user. Told once for a session, and not for one whose client had credentials from the beginning.
     */
    NamespaceSetup onAuthenticate(SessionListener listener);

    /**
     * Asks once in a period who each connected user is now: its roles may be others, or its credentials may be good no more. The questions are spread over the
     * period, and no more than 16 are asked at once.
     *
     * <pre>{@code
     * game.revalidate(Duration.ofMinutes(5), principal -> accounts.find(principal.id())
     *         .filter(account -> !account.isBanned())
     *         .map(account -> principal.roles(account.roles())));
     * }</pre>
     *
     * <p>A user whose roles, permissions or claims are others has them at once, and leaves the rooms in which it may not be any more ({@link #joins}). Nobody in place
     * of a user ends the session: its client is told so and disconnected ({@link DisconnectReason#CREDENTIALS_REVOKED}). A hook that throws, takes longer than
     * {@link dev.realtime.limits.Limits#authenticationTimeout()}, or returns another user changes nothing; it is logged, and counted as {@code
     * revalidations.failed}.
     *
     * @param period from 1 second to 1 day
     * @throws IllegalArgumentException if the period is shorter or longer
     */
    NamespaceSetup revalidate(Duration period, Revalidation hook);

    /**
     * Sets who may be in the rooms of a kind. The rule is asked when a session joins one or moves there, when a {@linkplain ConnectInterceptor.Entry#join
     * connect interceptor} puts it there, and again when it resumes and when what its user may do changes.
     *
     * <pre>{@code
     * game.joins(GUILD, (principal, room) -> guilds.has(room.name(), principal.id()))
     *     .joins(ADMIN, (principal, room) -> principal.roles().contains("admin"))
     *     .onRoomLost((session, room) -> session.emit(REMOVED, room.toString()));
     * }</pre>
     *
     * <p>A join that is not allowed throws {@link EventRefusedException} with {@link ErrorCode#FORBIDDEN}. A session that resumes and may no longer be in one of its rooms becomes a fresh one
     * ({@link FreshReason#ROOM_FORBIDDEN}); one that loses a room while it goes on leaves it ({@link #onRoomLost}). What the server does to an
     * {@link Audience}, such as {@link Audience#join}, is its own act, for which no rule is asked at that moment.
     *
     * @param kind one of {@link RoomKind#USER} takes the place of the engine's own rule: by default a session may be in no other user's room
     * @param rule default for other kinds: everybody may
     */
    NamespaceSetup joins(RoomKind kind, RoomRule rule);

    /** Protects a kind: unless a rule says otherwise ({@link #joins}), nobody may join its rooms. Default: no kind is protected. */
    NamespaceSetup protect(RoomKind kind);

    /** Adds a listener for sessions that have left a room because they may no longer be there, see {@link #joins}. */
    NamespaceSetup onRoomLost(RoomListener listener);

    /**
     * Promises that handlers and interceptors of events never block: they then run on the thread that read the event instead of being
     * handed to another one. Where events are many and handlers short that change of threads is the larger part of the cost (docs/performance.md
     * has figures). What such handlers send leaves in one write when all events of one read have been handled. A handler that blocks after all holds up every connection of its I/O thread. Listeners, such as {@link #onConnect}, and
     * what the engine itself has to do run on the other threads as ever, never beside a handler of the same session. Named after the option of
     * gRPC servers. Default: off.
     */
    NamespaceSetup directExecutor();

    /**
     * Switches presence on: who is there is known on all nodes, users and rooms have a population and can be watched; see {@link Namespace#presence}.
     * Default: off, and free of cost.
     */
    NamespaceSetup presence(PresenceOptions options);

    /**
     * Switches the schedule on: events can be emitted later, with {@link Audience#emitAfter} and {@link Audience#emitAt}. Needs a backend with queues,
     * and a namespace with a name of its own. Default: off, and free of cost.
     */
    NamespaceSetup schedule(ScheduleOptions options);

    /**
     * Switches mail on: events that {@linkplain Event#persistOffline persist} are kept for their users until a client has acknowledged them; see {@link Namespace#mail}. Needs a backend with queues.
     * Default: off, and free of cost.
     */
    NamespaceSetup mail(MailOptions options);

    /**
     * Declares shared states: typed values with versions, which {@link Namespace#state} gives. All nodes that serve the namespace should declare the same. Default: none, which costs nothing.
     *
     * @throws IllegalArgumentException if states of that name are declared already
     */
    <T> NamespaceSetup state(State<T> contract);

    /** Declares shared states, of whose changes this node is told; see {@link #state(State)}. */
    <T> NamespaceSetup state(State<T> contract, StateListener<T> listener);

    /**
     * Sets the pace at which coalesced volatile events leave together. Default: they leave at once.
     *
     * @throws IllegalArgumentException if it is not between 5 ms and 10 s
     */
    NamespaceSetup tick(Duration period);

    /**
     * Sets which events reach clients gathered into batches. They are emitted, logged and recovered as ever; what changes is how they arrive.
     *
     * <pre>{@code
     * game.batches(Batches.of(MOVED, HEALTH).within(Duration.ofMillis(50)).most(64));
     * }</pre>
     *
     * @param options default: every event arrives by itself. All nodes that serve the namespace should have the same
     */
    NamespaceSetup batches(Batches options);

    /**
     * Sets how often each client gets volatile events of one key, such as the positions of one player.
     *
     * <pre>{@code
     * game.throttle(Throttle.of(MOVED).atMostEvery(Duration.ofMillis(200)));
     * }</pre>
     *
     * @param options default: every event leaves as soon as it can. All nodes that serve the namespace should have the same
     */
    NamespaceSetup throttle(Throttle options);

    /**
     * Handles what the application on another node {@linkplain Namespace#serverEmit emits}. Handlers of server events run several at once.
     *
     * @throws IllegalArgumentException if another handler has that name
     */
    <T> NamespaceSetup onServer(Event<T> event, ServerEventHandler<T> handler);

    /**
     * Answers what the application on another node {@linkplain Namespace#serverRequest asks}.
     *
     * @throws IllegalArgumentException if another handler has that name
     */
    <T, R> NamespaceSetup onServer(Request<T, R> request, ServerRequestHandler<T, R> handler);

    /** How a client that asked for an acknowledgement hears that it is refused. */
    enum RefusalForm {
        /**
         * One argument, {@code {"error": {"code": …, "message": …}}}, with {@code retryAfterMs} where that helps. Who asked for no acknowledgement gets the
         * event {@code realtime:error}.
         */
        VALUE,
        /** The error as the first argument, {@code {"code": …, "message": …}}; otherwise as {@link #VALUE}. */
        ERROR_FIRST,
        /** Nothing at all, and no {@code realtime:error}, as with Node.js: the client's own timeout ends its waiting. It is counted and logged as ever. */
        NOTHING
    }

    /**
     * The acknowledgement of one request, to be given by its handler. The first call counts; further ones, and those that nobody waits for, do nothing.
     * Thread-safe.
     *
     * @param <R> the reply
     */
    interface Acknowledgement<R> {

        /** Returns whether the client asked for it. */
        boolean isWanted();

        /**
         * Acknowledges. What the handler has emitted before arrives before.
         *
         * @param reply null for a reply of {@link Void}, and where the request says {@link Request#nullableReply()}
         * @throws IllegalArgumentException if it has no JSON form that clients can read, or is too large; the acknowledgement is then still to be given
         */
        void give(R reply);

        /** Refuses, in the form that the namespace and the request have. */
        void refuse(EventRefusedException refusal);

        /** Refuses with a code of the engine's. */
        default void refuse(ErrorCode code) {
            refuse(new EventRefusedException(Objects.requireNonNull(code, "code")));
        }
    }

    /** Called with a session. */
    @FunctionalInterface
    interface SessionListener {
        void accept(Session session) throws Exception;
    }

    /** Called with a session and why. */
    @FunctionalInterface
    interface SessionEndListener {
        void accept(Session session, DisconnectReason reason) throws Exception;
    }

    /** Says what a client may do, for the client to know. Must be thread-safe. */
    @FunctionalInterface
    interface FeatureRule {
        /**
         * Says what a client that connects may do. May block. Called for each CONNECT after the client has been let in by authenticator and interceptors, even if it gets its old
         * session back afterwards. If it throws, or returns what has no JSON form, the client is not let in.
         *
         * @param principal as its credentials say
         * @return anything with a JSON form: an object, a list, a text
         */
        Object of(Principal principal);
    }

    /** Says who may see that the client of a session is away. */
    @FunctionalInterface
    interface AbsenceAudience {
        /**
         * Says who is told. Called like a listener, in the turn of {@link #onSuspend}; {@link Session#rooms()} are those that the session is in.
         *
         * @return null: nobody
         */
        @Nullable
        Audience of(Session session) throws Exception;
    }

    /** Called with a session and a room. */
    @FunctionalInterface
    interface RoomListener {
        void accept(Session session, RoomKey room) throws Exception;
    }

    /** Says who a user is now. May block; must be thread-safe. */
    @FunctionalInterface
    interface Revalidation {
        /**
         * Says who a user is now.
         *
         * @param principal as it is known
         * @return the same; or the same user as it is now; empty if its credentials are good no more
         */
        Optional<Principal> revalidate(Principal principal);
    }

    /** Says who may be in a room. Must be thread-safe. */
    @FunctionalInterface
    interface RoomRule {
        /**
         * Says whether a user, as it is at run time, may be in a room. May block where the code may that joins: in handlers and listeners, but not in handlers of a
         * {@link #directExecutor()}. If it throws, the join fails with that, and a session that is in the room stays there until the rule is asked again.
         */
        boolean allows(Principal principal, RoomKey room);
    }

    /** Called with a fresh session and why it is fresh. */
    @FunctionalInterface
    interface FreshListener {
        void accept(Session session, FreshReason reason) throws Exception;
    }

    /** Called with what a handler or a listener has thrown. */
    @FunctionalInterface
    interface ErrorListener {
        /**
         * Takes note of a failure.
         *
         * @param session whose event it was; null for those of other nodes
         * @param what the name of the event, or of the listener, such as {@code onConnect}
         */
        void failed(@Nullable Session session, String what, Throwable cause) throws Exception;
    }

    /** Handles an event. */
    @FunctionalInterface
    interface EventHandler<T> {
        void handle(Session session, T payload) throws Exception;
    }

    /** Answers a request. */
    @FunctionalInterface
    interface RequestHandler<T, R> {
        R handle(Session session, T payload) throws Exception;
    }

    /** Answers a request later. */
    @FunctionalInterface
    interface AsyncRequestHandler<T, R> {
        CompletionStage<R> handle(Session session, T payload) throws Exception;
    }

    /** Handles a request and acknowledges it by itself. */
    @FunctionalInterface
    interface AcknowledgingHandler<T, R> {
        void handle(Session session, T payload, Acknowledgement<R> answer) throws Exception;
    }

    /** Handles an event without a contract. */
    @FunctionalInterface
    interface UnknownEventHandler {
        void handle(Session session, UnknownEvent event) throws Exception;
    }

    /** Handles an event of another node. */
    @FunctionalInterface
    interface ServerEventHandler<T> {
        void handle(String node, T payload) throws Exception;
    }

    /** Answers another node. */
    @FunctionalInterface
    interface ServerRequestHandler<T, R> {
        R handle(String node, T payload) throws Exception;
    }
}
