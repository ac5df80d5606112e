package dev.realtime.jakarta;

import jakarta.websocket.Session;

/**
 * Which containers say that a session is over when its goodbye has been sent, although the peer has not answered it and its socket is open: Undertow
 * ({@code UndertowSession.closeInternal}). The specification leaves it open and has no way to ask. Tomcat says so too, but closes the socket by itself when its own
 * timeout is over, and Jetty says so when the socket is closed.
 */
final class EarlyEnds {
    private static final String TOMCAT = "org.apache.tomcat.";
    private static final String JETTY = "org.eclipse.jetty.";

    private EarlyEnds() {}

    /** Whether somebody has to see to the socket of a session that is over; of a container that is unknown the worst is assumed. */
    static boolean possible(Session session) {
        String name = session.getClass().getName();
        return !name.startsWith(TOMCAT) && !name.startsWith(JETTY);
    }
}
