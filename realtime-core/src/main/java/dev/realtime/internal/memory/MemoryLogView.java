package dev.realtime.internal.memory;

import dev.realtime.Position;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.Registration;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** One node's hold on a shared log: what it follows ends when it lets go. */
final class MemoryLogView implements Log {
    private final MemoryLog log;
    private final Runnable release;
    private final Queue<Registration> followed = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    MemoryLogView(MemoryLog log, Runnable release) {
        this.log = log;
        this.release = release;
    }

    @Override
    public CompletionStage<Position> append(LogEntry entry) {
        return log.append(entry);
    }

    @Override
    public CompletionStage<Once> appendOnce(String id, LogEntry entry, Duration remembered) {
        return log.appendOnce(id, entry, remembered);
    }

    @Override
    public CompletionStage<Once> forbid(String id, Duration remembered) {
        return log.appendOnce(id, null, remembered);
    }

    @Override
    public Position tail() {
        return log.tail();
    }

    @Override
    public CompletionStage<Position> latest() {
        return CompletableFuture.completedFuture(log.tail());
    }

    @Override
    public long now() {
        return log.now();
    }

    @Override
    public Registration follow(Position after, Reader reader) {
        Registration registration = log.follow(after, reader);
        followed.add(registration);
        return registration;
    }

    @Override
    public CompletionStage<List<PlacedEntry>> read(Position after, Position through, int limit) {
        return log.read(after, through, limit);
    }

    @Override
    public CompletionStage<Beginning> beginning(Position through, int limit) {
        return CompletableFuture.completedFuture(log.beginning(through, limit));
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            followed.forEach(Registration::close);
            release.run();
        }
    }
}
