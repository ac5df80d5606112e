package dev.realtime.standalone;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.IOStrategy;
import org.glassfish.grizzly.Transport;
import org.glassfish.grizzly.strategies.SameThreadIOStrategy;
import org.glassfish.grizzly.threadpool.ThreadPoolConfig;
import org.jspecify.annotations.Nullable;

/**
 * Everything on the I/O thread, and of new connections as many as wait, up to a bound, in one turn. With one a turn, as Grizzly has it, whoever
 * comes behind two hundred others waits two hundred turns, and those are long while others send much. With all of a thousand, whoever is there
 * already waits for a thousand handshakes.
 */
@SuppressWarnings("rawtypes") // as Grizzly's own interface has it
final class AcceptingStrategy implements IOStrategy {
    private static final int AT_ONCE = 16;

    private final IOStrategy sameThread = SameThreadIOStrategy.getInstance();
    private final AtomicLong accepted = new AtomicLong();

    /** A new connection has come. */
    void accepted() {
        accepted.incrementAndGet();
    }

    @Override
    public boolean executeIoEvent(Connection connection, IOEvent event) throws IOException {
        return executeIoEvent(connection, event, true);
    }

    @Override
    public boolean executeIoEvent(Connection connection, IOEvent event, boolean enabled) throws IOException {
        if (event == IOEvent.SERVER_ACCEPT) {
            acceptAll(connection, enabled);
            return true;
        }
        return sameThread.executeIoEvent(connection, event, enabled);
    }

    private void acceptAll(Connection listening, boolean enabled) throws IOException {
        for (int i = 0; i < AT_ONCE; i++) {
            long before = accepted.get();
            sameThread.executeIoEvent(listening, IOEvent.SERVER_ACCEPT, enabled);
            if (accepted.get() == before) {
                return;
            }
        }
    }

    @Override
    public @Nullable Executor getThreadPoolFor(Connection connection, IOEvent event) {
        return sameThread.getThreadPoolFor(connection, event);
    }

    @Override
    public @Nullable ThreadPoolConfig createDefaultWorkerPoolConfig(Transport transport) {
        return sameThread.createDefaultWorkerPoolConfig(transport);
    }
}
