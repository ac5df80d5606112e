package dev.realtime.standalone;

import org.glassfish.grizzly.CloseType;
import org.glassfish.grizzly.Closeable;
import org.glassfish.grizzly.GenericCloseListener;
import org.glassfish.grizzly.nio.NIOConnection;

/** Runs something on the connection's selector thread once its socket has ended, at once if it has already. */
@SuppressWarnings("deprecation") // Grizzly offers no listener without its deprecated close type
final class SocketEnd implements GenericCloseListener {
    private final NIOConnection connection;
    private final Runnable task;

    private SocketEnd(NIOConnection connection, Runnable task) {
        this.connection = connection;
        this.task = task;
    }

    static SocketEnd of(NIOConnection connection, Runnable task) {
        SocketEnd end = new SocketEnd(connection, task);
        connection.addCloseListener(end);
        return end;
    }

    void forget() {
        connection.removeCloseListener(this);
    }

    @Override
    public void onClosed(Closeable closeable, CloseType type) {
        SelectorThread.run(connection, task);
    }
}
