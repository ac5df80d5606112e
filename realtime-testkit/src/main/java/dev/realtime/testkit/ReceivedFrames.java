package dev.realtime.testkit;

import dev.realtime.spi.Frame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The messages that the client of an {@link InMemoryConnection} has received, and who is told of them. Thread-safe. */
final class ReceivedFrames {
    // guarded by this
    private final List<Frame> frames = new ArrayList<>();
    private @Nullable Consumer<Frame> receiver;

    void add(Frame frame) {
        Consumer<Frame> told;
        synchronized (this) {
            frames.add(frame);
            told = receiver;
        }
        if (told != null) {
            told.accept(frame);
        }
    }

    /** Tells somebody of all messages, those that came before included. */
    synchronized void tell(Consumer<Frame> onFrame) {
        receiver = onFrame;
        frames.forEach(onFrame);
    }

    synchronized List<Frame> all() {
        return List.copyOf(frames);
    }

    synchronized List<String> texts() {
        return frames.stream()
                .filter(frame -> !frame.isBinary())
                .map(frame -> new String(frame.bytes(), StandardCharsets.UTF_8))
                .toList();
    }
}
