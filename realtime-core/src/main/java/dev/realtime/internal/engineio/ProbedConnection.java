package dev.realtime.internal.engineio;

import dev.realtime.spi.Connection;
import dev.realtime.spi.Frame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection that answers a probe before it carries anything else. A client may have the answer, and upgrade, before the transport reports
 * that it is written; what leaves first then waits for that report.
 */
final class ProbedConnection implements Connection, Connection.WriteListener {
    private static final Frame ANSWER = Frame.text("3probe".getBytes(StandardCharsets.US_ASCII));

    private final Connection connection;
    // guarded by this
    private boolean answered;
    private boolean answering;
    private @Nullable Held held;

    private record Held(List<Frame> batch, WriteListener listener) {}

    ProbedConnection(Connection connection) {
        this.connection = connection;
    }

    /** Answers the probe. False when that has been done before. */
    boolean answer() {
        synchronized (this) {
            if (answered) {
                return false;
            }
            answered = true;
            answering = true;
        }
        if (connection.write(List.of(ANSWER), this)) {
            written();
        }
        return true;
    }

    @Override
    public boolean write(List<Frame> batch, WriteListener listener) {
        synchronized (this) {
            if (answering) {
                held = new Held(List.copyOf(batch), listener);
                return false;
            }
        }
        return connection.write(batch, listener);
    }

    @Override
    public void written() {
        Held next;
        synchronized (this) {
            answering = false;
            next = held;
            held = null;
        }
        if (next != null && connection.write(next.batch, next.listener)) {
            next.listener.written();
        }
    }

    @Override
    public void failed(Throwable cause) {
        written(); // what comes next will fail as well, and say so
    }

    @Override
    public boolean pauseReading() {
        return connection.pauseReading();
    }

    @Override
    public void resumeReading() {
        connection.resumeReading();
    }

    @Override
    public void close(int code, String reason) {
        connection.close(code, reason);
    }

    @Override
    public void terminate() {
        connection.terminate();
    }
}
