package dev.realtime.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.glassfish.grizzly.filterchain.FilterChainBuilder;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.utils.IdleTimeoutFilter;

/** Grizzly's timer for idle HTTP connections, which WebSockets must leave: the engine has its own heartbeat. */
final class IdleConnections {
    private final IdleTimeoutFilter filter;

    IdleConnections(FilterChainBuilder chain) {
        filter = (IdleTimeoutFilter) chain.get(chain.indexOfType(IdleTimeoutFilter.class));
    }

    void forget(FilterChainContext ctx) {
        try {
            filter.handleClose(ctx); // for the filter the connection has ended: it drops its record
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
