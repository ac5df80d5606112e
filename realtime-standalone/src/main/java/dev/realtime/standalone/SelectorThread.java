package dev.realtime.standalone;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.glassfish.grizzly.IOEvent;
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

    /** Reads on although Grizzly has stopped, if that is still wanted when the current event has been handled. */
    static void resumeReading(NIOConnection connection, BooleanSupplier wanted) {
        later(connection, () -> {
            if (connection.isOpen() && wanted.getAsBoolean()) {
                try {
                    connection.enableIOEvent(IOEvent.READ);
                } catch (IOException e) {
                    connection.terminateSilently();
                }
            }
        });
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
