package dev.realtime.standalone;

import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;

/**
 * Watches a connection whose whole request is in and whose reply is still to come. Grizzly stops reading such a connection and would
 * learn that the client has left only when it writes; here reading goes on. A client that sends its next request before it has its
 * reply (HTTP pipelining, which no browser or game client does) is cut off: there is no place for it in Grizzly's state.
 */
final class HeldRequest extends BaseFilter {
    private static final String ATTRIBUTE = "dev.realtime.standalone.held";

    static void begin(TCPNIOConnection connection) {
        SelectorThread.resumeReading(
                connection, () -> connection.getAttributes().getAttribute(ATTRIBUTE) != null);
        connection.getAttributes().setAttribute(ATTRIBUTE, true);
    }

    static void end(Connection<?> connection) {
        connection.getAttributes().removeAttribute(ATTRIBUTE);
    }

    /** Sits in front of the HTTP codec; an end of stream never comes this far, the transport has closed the connection then. */
    @Override
    public NextAction handleRead(FilterChainContext ctx) {
        if (ctx.getConnection().getAttributes().getAttribute(ATTRIBUTE) == null) {
            return ctx.getInvokeAction();
        }
        ctx.getConnection().terminateSilently();
        return ctx.getStopAction();
    }
}
