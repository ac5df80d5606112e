package dev.realtime.standalone;

import org.glassfish.grizzly.nio.NIOConnection;
import org.glassfish.grizzly.nio.NIOTransport;
import org.glassfish.grizzly.nio.SelectorHandler;

/** Runs things on the one thread that reads a connection, so that its state needs no lock. */
final class SelectorThread {
    private SelectorThread() {}

    /** At once when the caller is that thread. */
    static void run(NIOConnection connection, Runnable task) {
        handler(connection).execute(connection.getSelectorRunner(), task(task), null);
    }

    /** Never at once: after the event that the thread is handling now. */
    static void later(NIOConnection connection, Runnable task) {
        handler(connection).enque(connection.getSelectorRunner(), task(task), null);
    }

    private static SelectorHandler handler(NIOConnection connection) {
        return ((NIOTransport) connection.getTransport()).getSelectorHandler();
    }

    private static SelectorHandler.Task task(Runnable task) {
        return () -> {
            task.run();
            return true;
        };
    }
}
