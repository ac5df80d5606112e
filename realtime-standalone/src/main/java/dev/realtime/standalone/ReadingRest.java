package dev.realtime.standalone;

import java.time.Duration;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.jspecify.annotations.Nullable;

/**
 * The rest that a WebSocket takes from being read when it has made much work: by the bytes and frames of a short time, by what had to be
 * inflated, or by what took long, over however many connections of its address. Runs on the connection's selector thread.
 */
final class ReadingRest {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final int LARGE = 4_096; // what is smaller takes no time worth counting

    private final TCPNIOConnection connection;
    private final WebSockets shared;
    private final String address;
    private final Runnable over;
    private final WorkMeter effort = new WorkMeter(System::nanoTime);
    private boolean resting;
    private DeadlineTimer.@Nullable Deadline end; // of the last one
    private boolean heavy; // it has sent what took long

    /**
     * @param address of the client
     * @param over runs when it has rested
     */
    ReadingRest(TCPNIOConnection connection, WebSockets shared, String address, Runnable over) {
        this.connection = connection;
        this.shared = shared;
        this.address = address;
        this.over = over;
    }

    boolean isOn() {
        return resting;
    }

    /** Counts a frame. */
    void frame(int length) {
        effort.frame(length);
    }

    /** Begins a rest if it is due. */
    void beginIfDue(boolean muchInflated) {
        Duration rest = shared.heavy().rest(address, heavy);
        if (effort.isMuch() || muchInflated || !rest.isZero()) {
            resting = true;
            end = shared.deadlines()
                    .after(
                            rest.compareTo(SHORTEST) > 0 ? rest : SHORTEST,
                            () -> SelectorThread.run(connection, () -> {
                                resting = false;
                                over.run();
                            }));
        }
    }

    /** The connection has ended, and nothing is to keep it. */
    void close() {
        DeadlineTimer.Deadline running = end;
        if (running != null) {
            running.cancel();
        }
    }

    /** Hands on a frame, and counts the time that it takes if that may be long. */
    void measure(MessageReader reader, int opcode, boolean last, boolean compressed, byte[] payload)
            throws ProtocolViolationException {
        if (last && opcode != 0 && !compressed && payload.length < LARGE) {
            reader.frame(opcode, last, compressed, payload);
            return;
        }
        long began = shared.heavy().begin();
        try {
            reader.frame(opcode, last, compressed, payload);
        } finally {
            heavy |= shared.heavy().done(address, began);
        }
    }
}
