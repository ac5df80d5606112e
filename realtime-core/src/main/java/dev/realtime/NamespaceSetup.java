package dev.realtime;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;

/**
 * What a namespace does; filled in once while the engine is built. Handlers and listeners of one session run one after another, in the
 * order of the wire, on virtual threads where the JVM has them: they may block, and hold up nobody but their session.
 */
public interface NamespaceSetup {

    /** A new session is there. Events of the client are handled after this has returned. */
    NamespaceSetup onConnect(SessionListener listener);

    /** The connection was lost; the session waits for its client. */
    NamespaceSetup onSuspend(SessionEndListener listener);

    /** The client is back and gets what it missed. */
    NamespaceSetup onResume(SessionListener listener);

    /**
     * The session has ended; called once for each {@link #onConnect}, on the node that had it last. {@link Session#rooms()} are those that it was in, so
     * that who is left there can be told.
     */
    NamespaceSetup onDisconnect(SessionEndListener listener);

    /** The session goes on at another node: what this node keeps for it can go. Instead of {@link #onDisconnect}, here. */
    NamespaceSetup onMoved(SessionListener listener);

    /** A client asked for its old session and gets a fresh one; called in the fresh session before {@link #onConnect}. */
    NamespaceSetup onFresh(FreshListener listener);

    /** Handles an event. One handler per name. If the client wants an acknowledgement it gets an empty one afterwards. */
    <T> NamespaceSetup on(Event<T> event, EventHandler<T> handler);

    /** Answers a request. One handler per name. */
    <T, R> NamespaceSetup on(Request<T, R> request, RequestHandler<T, R> handler);

    /** Answers a request later; the session's next event is handled when the stage has completed. */
    <T, R> NamespaceSetup onAsync(Request<T, R> request, AsyncRequestHandler<T, R> handler);

    /** Handles events that no contract names. Without one they are answered with {@link ErrorCode#UNKNOWN_EVENT}, counted and logged. */
    NamespaceSetup onUnknown(UnknownEventHandler handler);

    /** Adds an interceptor for new connections; they run in this order, after authentication. */
    NamespaceSetup intercept(ConnectInterceptor interceptor);

    /** Adds an interceptor around every event with a contract; the first added is the outermost. */
    NamespaceSetup intercept(EventInterceptor interceptor);

    /** Clients without credentials are welcome. */
    NamespaceSetup allowAnonymous();

    /** Asked again for each room when a session resumes: a room that is no longer allowed makes it a fresh one. Default: all are. */
    NamespaceSetup keepRooms(BiPredicate<Principal, RoomKey> rule);

    /**
     * Promises that handlers and interceptors of events never block: they then run on the thread that read the event instead of being
     * handed to another one. Where events are many and handlers short that change of threads is the larger part of the cost (docs/performance.md
     * has figures). A handler that blocks after all holds up every connection of its I/O thread. Listeners, such as {@link #onConnect}, and
     * what the engine itself has to do run on the other threads as ever, never beside a handler of the same session. Named after the option of
     * gRPC servers. Default: off.
     */
    NamespaceSetup directExecutor();

    /** Coalesced volatile events leave together at this pace; default: at once. Between 5 ms and 10 s. */
    NamespaceSetup tick(Duration period);

    /** Handles what the application on another node {@linkplain Namespace#serverEmit emits}. One handler per name. */
    <T> NamespaceSetup onServer(Event<T> event, ServerEventHandler<T> handler);

    /** Answers what the application on another node {@linkplain Namespace#serverRequest asks}. One handler per name. */
    <T, R> NamespaceSetup onServer(Request<T, R> request, ServerRequestHandler<T, R> handler);

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

    /** Called with a fresh session and why it is fresh. */
    @FunctionalInterface
    interface FreshListener {
        void accept(Session session, FreshReason reason) throws Exception;
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
