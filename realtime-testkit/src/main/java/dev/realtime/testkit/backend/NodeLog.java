package dev.realtime.testkit.backend;

import dev.realtime.Position;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.Registration;
import dev.realtime.spi.Retention;
import dev.realtime.testkit.backend.Line.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** One node's hold on the log of a namespace. */
final class NodeLog implements Log {
    private final NodeBackend backend;
    private final String namespace;
    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private Position tail; // guarded by this

    NodeLog(NodeBackend backend, String namespace, Retention retention) {
        this.backend = backend;
        this.namespace = namespace;
        this.tail = backend.store().log(namespace, log -> {
            log.keep(retention);
            return log.tail();
        });
    }

    String namespace() {
        return namespace;
    }

    @Override
    public CompletionStage<Position> append(LogEntry entry) {
        byte[] bytes = LogEntryBytes.write(entry);
        return backend.call(Traffic.APPEND, () -> {
                    Position position = backend.store().log(namespace, log -> append(log, bytes));
                    backend.store().appended(namespace);
                    return position;
                })
                .thenApply(this::seen);
    }

    private Position append(StoredLog log, byte[] bytes) {
        Position placed = log.append(bytes);
        backend.store().tell(witness -> witness.appended(namespace, placed, LogEntryBytes.entry(bytes)));
        return placed;
    }

    @Override
    public CompletionStage<Once> appendOnce(String id, LogEntry entry, Duration remembered) {
        byte[] bytes = LogEntryBytes.write(entry);
        return backend.call(Traffic.APPEND, () -> {
                    Once once =
                            backend.store().log(namespace, log -> log.once(id, remembered, () -> append(log, bytes)));
                    backend.store().appended(namespace);
                    return once;
                })
                .thenApply(once -> {
                    if (once.isNew() && once.position() != null) {
                        seen(once.position());
                    }
                    return once;
                });
    }

    @Override
    public CompletionStage<Once> forbid(String id, Duration remembered) {
        return backend.call(
                Traffic.APPEND, () -> backend.store().log(namespace, log -> log.once(id, remembered, () -> null)));
    }

    private synchronized Position seen(Position position) {
        tail = Position.max(tail, position);
        return position;
    }

    @Override
    public synchronized Position tail() {
        return tail;
    }

    @Override
    public CompletionStage<Position> latest() {
        return backend.call(Traffic.READ, () -> backend.store().log(namespace, StoredLog::tail));
    }

    @Override
    public long now() {
        return backend.store().log(namespace, StoredLog::now);
    }

    @Override
    public boolean lendsThread() {
        return backend.lendsThread();
    }

    @Override
    public Registration follow(Position after, Reader reader) {
        Follower follower = new Follower(after, reader);
        followers.add(follower);
        follower.begin();
        return () -> {
            followers.remove(follower);
            follower.close();
        };
    }

    @Override
    public CompletionStage<List<PlacedEntry>> read(Position after, Position through, int limit) {
        return backend.call(
                        Traffic.READ,
                        () -> backend.store().log(namespace, log -> {
                            List<StoredLog.Placed> page = log.read(after, through, limit);
                            return new Page(page == null ? List.of() : page, page == null, log.oldest());
                        }))
                .thenApply(page -> {
                    if (page.trimmed) {
                        throw new CompletionException(new TrimmedException(after, page.oldest));
                    }
                    return decoded(page.entries);
                });
    }

    @Override
    public CompletionStage<Beginning> beginning(Position through, int limit) {
        return backend.call(
                        Traffic.READ,
                        () -> backend.store().log(namespace, log -> {
                            log.trim();
                            List<StoredLog.Placed> page = log.slice(log.oldest(), through, limit);
                            return new Page(page, false, log.oldest());
                        }))
                .thenApply(page -> {
                    List<PlacedEntry> entries = decoded(page.entries);
                    Position reached =
                            entries.size() == limit ? entries.get(limit - 1).position() : through;
                    return new Beginning(page.oldest, entries, reached);
                });
    }

    /** Goes on behind everything that is there, read or not. */
    void skip() {
        Position end = seen(backend.store().log(namespace, StoredLog::tail));
        followers.forEach(follower -> follower.skip(end));
    }

    private record Batch(List<PlacedEntry> entries, Position last) {}

    private record Page(List<StoredLog.Placed> entries, boolean trimmed, Position oldest) {}

    private static List<PlacedEntry> decoded(List<StoredLog.Placed> entries) {
        List<PlacedEntry> decoded = new ArrayList<>(entries.size());
        for (StoredLog.Placed placed : entries) {
            decoded.add(new PlacedEntry(placed.position(), LogEntryBytes.entry(placed.entry())));
        }
        return decoded;
    }

    @Override
    public void close() {
        followers.forEach(Follower::close);
        followers.clear();
    }

    /** A reader and its place. News wake it; then it takes what is behind its place, one batch at a time. */
    private final class Follower implements StoredLog.StoredFollower {
        private final Reader reader;
        private final Runnable news = this::news; // one object, to be found again
        private volatile Position place;
        private volatile Position taken; // by the reader
        private volatile boolean missed; // something that was forgotten before it was read
        private boolean reading; // a batch is out; guarded by this
        private boolean calling; // a thread is in the loop below; guarded by this
        private boolean closed; // guarded by this

        Follower(Position place, Reader reader) {
            this.place = place;
            this.taken = place;
            this.reader = reader;
        }

        @Override
        public Position place() {
            return place;
        }

        @Override
        public void evicted(Position through) {
            if (taken.isBefore(through)) {
                taken = through;
                missed = true;
            }
        }

        void begin() {
            backend.store().log(namespace, log -> {
                log.follow(this);
                return place;
            });
            backend.store().onAppend(namespace, news);
            backend.store().onEpoch(news);
            news();
        }

        private void news() {
            backend.line().toNode(Traffic.FOLLOW, this::wake);
        }

        private void wake() {
            backend.learnEpoch();
            if (missed) {
                missed = false;
                backend.wasAlone();
            }
            Optional<Batch> batch = next(false);
            while (batch.isPresent()) {
                Position last = batch.get().last;
                seen(last);
                reader.entries(batch.get().entries, last, () -> read(last));
                batch = next(true);
            }
        }

        private synchronized Optional<Batch> next(boolean mine) {
            if (calling && !mine) {
                return Optional.empty();
            }
            Optional<Batch> batch = reading || closed ? Optional.empty() : behind();
            calling = batch.isPresent();
            reading |= calling;
            return batch;
        }

        /** Entries; or, when there are none, that a new epoch has begun behind everything that was, as an entry of its own says in Redis. */
        private Optional<Batch> behind() {
            return backend.store().log(namespace, log -> {
                List<PlacedEntry> entries =
                        decoded(log.slice(place, Position.END, backend.line().batch()));
                if (!entries.isEmpty()) {
                    taken = entries.get(entries.size() - 1).position();
                    return Optional.of(new Batch(entries, taken));
                }
                return place.isBefore(log.epochStart())
                        ? Optional.of(new Batch(entries, log.epochStart()))
                        : Optional.empty();
            });
        }

        private void read(Position last) {
            synchronized (this) {
                place = last;
                reading = false;
            }
            wake();
        }

        void skip(Position end) {
            synchronized (this) {
                if (reading || closed) {
                    throw new IllegalStateException("a follower that is reading cannot be passed by");
                }
                place = end;
                taken = end;
                reading = true;
            }
            reader.entries(List.of(), end, () -> read(end));
        }

        void close() {
            synchronized (this) {
                closed = true;
            }
            backend.store().offAppend(namespace, news);
            backend.store().offEpoch(news);
            backend.store().log(namespace, log -> {
                log.unfollow(this);
                return place;
            });
        }
    }
}
