package dev.realtime.standalone;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;

/**
 * Ends HTTP connections on which nothing is being answered: kept alive for nothing, opened for nothing, or sending a request's header
 * drop by drop. WebSockets leave, the engine has its own heartbeat for them. (Grizzly's filter for this cannot be left: it puts the
 * connection back when the event that upgraded it is over, and cuts it off.)
 */
final class IdleConnections extends BaseFilter {
    private static final String ATTRIBUTE = "dev.realtime.standalone.idle";

    private final Set<Idle> connections = ConcurrentHashMap.newKeySet();
    private final long timeoutNanos;

    IdleConnections(Duration timeout, Deadlines deadlines) {
        timeoutNanos = timeout.toNanos();
        deadlines.every(timeout.dividedBy(4), this::sweep);
    }

    static void answering(Connection<?> connection) {
        if (connection.getAttributes().getAttribute(ATTRIBUTE) instanceof Idle idle) {
            idle.answering = true;
        }
    }

    static void answered(Connection<?> connection) {
        if (connection.getAttributes().getAttribute(ATTRIBUTE) instanceof Idle idle) {
            idle.since = System.nanoTime();
            idle.answering = false;
        }
    }

    void forget(Connection<?> connection) {
        if (connection.getAttributes().removeAttribute(ATTRIBUTE) instanceof Idle idle) {
            connections.remove(idle);
        }
    }

    @Override
    public NextAction handleAccept(FilterChainContext ctx) {
        Idle idle = new Idle(ctx.getConnection());
        ctx.getConnection().getAttributes().setAttribute(ATTRIBUTE, idle);
        connections.add(idle);
        return ctx.getInvokeAction();
    }

    @Override
    public NextAction handleClose(FilterChainContext ctx) {
        forget(ctx.getConnection());
        return ctx.getInvokeAction();
    }

    private void sweep() {
        long now = System.nanoTime();
        for (Idle idle : connections) {
            if (!idle.answering && now - idle.since > timeoutNanos) {
                idle.connection.terminateSilently(); // its end takes it out of the set
            }
        }
    }

    private static final class Idle {
        private final Connection<?> connection;
        private volatile long since = System.nanoTime();
        private volatile boolean answering;

        Idle(Connection<?> connection) {
            this.connection = connection;
        }
    }
}
