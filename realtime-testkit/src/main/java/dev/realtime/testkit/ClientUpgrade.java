package dev.realtime.testkit;

import dev.realtime.spi.Frame;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client's change from polling to a WebSocket (Engine.IO protocol v4, "Upgrade"): a probe beside the polling connection, a pause of it, and the switch.
 * Not thread-safe.
 */
final class ClientUpgrade {
    private static final String PROVED = "3probe";

    private final LongPolling polling;
    private final Consumer<InMemoryConnection> switched;
    private @Nullable InMemoryConnection probe;
    private boolean pausing;
    private boolean over;

    /** @param switched takes the WebSocket that carries everything from now on */
    ClientUpgrade(LongPolling polling, Consumer<InMemoryConnection> switched) {
        this.polling = polling;
        this.switched = switched;
    }

    /** Probes a WebSocket; the rest happens when the answer comes. */
    void begin(InMemoryConnection opened) {
        probe = opened;
        opened.receiver(
                frame -> {
                    if (isProof(frame) && !over) {
                        pausing = true;
                        goOn();
                    }
                },
                () -> {});
        opened.send("2probe");
    }

    /** Whether the client sends nothing, since it is about to switch. */
    boolean isPausing() {
        return pausing;
    }

    /** Switches once neither a GET nor a POST is under way; the server answers the GET for that. */
    void goOn() {
        InMemoryConnection opened = probe;
        if (opened != null && polling.isIdle()) {
            probe = null;
            pausing = false;
            opened.send("5");
            switched.accept(opened);
        }
    }

    /** Whether a frame is the server's answer to the probe. */
    static boolean isProof(Frame frame) {
        return !frame.isBinary() && new String(frame.bytes(), StandardCharsets.UTF_8).equals(PROVED);
    }

    void reset() {
        if (probe != null) {
            probe.reset();
        }
    }

    void lose() {
        if (probe != null) {
            probe.lose();
        }
    }

    /** The connection is over: the client does not switch any more. */
    void end() {
        over = true;
    }
}
