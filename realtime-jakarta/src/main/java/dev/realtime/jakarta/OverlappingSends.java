package dev.realtime.jakarta;

import jakarta.websocket.Session;
import java.util.List;

/**
 * Which containers queue a send that begins while another is on its way, keep the order, and write what has queued up together: Jetty
 * ({@code FrameFlusher}) and Undertow ({@code AbstractFramedChannel}). The specification leaves it open and has no way to ask; Tomcat refuses such
 * a send. Batches in the sense of {@link jakarta.websocket.RemoteEndpoint#flushBatch} are no substitute: Tomcat and Jetty block in it while
 * a client does not read, and Undertow has none.
 */
final class OverlappingSends {
    private static final List<String> PACKAGES = List.of("org.eclipse.jetty.", "io.undertow.");

    private OverlappingSends() {}

    /** Whether the container of this session does so; of one that is unknown the least is assumed. */
    static boolean allowed(Session session) {
        String name = session.getClass().getName();
        return PACKAGES.stream().anyMatch(name::startsWith);
    }
}
