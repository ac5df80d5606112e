package dev.realtime.jakarta;

import jakarta.websocket.Session;

/**
 * Which containers queue a send that begins while another is on its way, keep the order, and write what has queued up together: Undertow
 * ({@code AbstractFramedChannel}). The specification leaves it open and has no way to ask. Tomcat refuses such a send. Jetty queues it, but lets a
 * frame go only when the one before it has been written ({@code FragmentingFlusher}), so nothing is gained there. Batches in the sense of
 * {@link jakarta.websocket.RemoteEndpoint#flushBatch} are no substitute: Tomcat and Jetty block in it while a client does not read, and Undertow has
 * none.
 */
final class OverlappingSends {
    private static final String UNDERTOW = "io.undertow.";

    private OverlappingSends() {}

    /** Whether the container of this session does so; of one that is unknown the least is assumed. */
    static boolean allowed(Session session) {
        return session.getClass().getName().startsWith(UNDERTOW);
    }
}
