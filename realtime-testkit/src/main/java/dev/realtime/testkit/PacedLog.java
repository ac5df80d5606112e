package dev.realtime.testkit;

import dev.realtime.Position;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.Registration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A log that keeps the {@link EmitPace} of a test. */
record PacedLog(Log log, EmitPace pace) implements Log {
    @Override
    public CompletionStage<Position> append(LogEntry entry) {
        pace.append(entry);
        return log.append(entry);
    }

    @Override
    public CompletionStage<Once> appendOnce(String id, LogEntry entry, Duration remembered) {
        pace.append(entry);
        return log.appendOnce(id, entry, remembered);
    }

    @Override
    public CompletionStage<Once> forbid(String id, Duration remembered) {
        return log.forbid(id, remembered);
    }

    @Override
    public Position tail() {
        return log.tail();
    }

    @Override
    public CompletionStage<Position> latest() {
        return log.latest();
    }

    @Override
    public long now() {
        return log.now();
    }

    @Override
    public Registration follow(Position after, Reader reader) {
        return log.follow(after, reader);
    }

    @Override
    public boolean lendsThread() {
        return log.lendsThread();
    }

    @Override
    public CompletionStage<List<PlacedEntry>> read(Position after, Position through, int limit) {
        return log.read(after, through, limit);
    }

    @Override
    public CompletionStage<Beginning> beginning(Position through, int limit) {
        return log.beginning(through, limit);
    }

    @Override
    public void close() {
        log.close();
    }
}
