package dev.realtime.internal.users;

import dev.realtime.Position;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells all nodes what has been decided, by a log of the engine's own, whose name no client can connect to and no server of another kind serves. An
 * announcement that the log does not take is made again for a while. Thread-safe.
 */
final class Announcements {
    /** The log's name: namespaces of clients begin with a slash. */
    static final String NAMESPACE = "realtime:users";

    private static final String USER = "user";
    private static final String TOKEN = "token";
    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MOST_ATTEMPTS = 60;

    private final Log log;
    private final NodeRuntime runtime;
    private final Listener listener;
    private volatile boolean closed;

    /** Hears what any node has announced, this one included. */
    interface Listener {
        void user(String id, long version, String text);

        void token(String tokenId);
    }

    Announcements(Log log, NodeRuntime runtime, Listener listener) {
        this.log = log;
        this.runtime = runtime;
        this.listener = listener;
    }

    void start() {
        log.follow(log.tail(), this::heard);
    }

    CompletionStage<Void> user(String id, long version, String text) {
        return announce(USER, Word.written(id) + " " + version + "\n" + text);
    }

    CompletionStage<Void> token(String tokenId) {
        return announce(TOKEN, Word.written(tokenId));
    }

    private CompletionStage<Void> announce(String kind, String text) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        append(new LogEntry.Note(kind, text), MOST_ATTEMPTS, done);
        return done;
    }

    private void append(LogEntry entry, int attempts, CompletableFuture<Void> done) {
        CompletionStage<Position> appended = log.append(entry);
        appended.whenComplete((position, failure) -> {
            if (failure == null) {
                done.complete(null);
            } else if (attempts == 0 || closed) {
                done.completeExceptionally(failure);
            } else {
                runtime.time()
                        .schedule(PAUSE, () -> runtime.workers().execute(() -> append(entry, attempts - 1, done)));
            }
        });
    }

    private void heard(List<PlacedEntry> batch, Position through, Runnable done) {
        for (PlacedEntry placed : batch) {
            if (placed.entry() instanceof LogEntry.Note note) {
                try {
                    heard(note);
                } catch (RuntimeException e) {
                    runtime.lines().warn(LOG, NAMESPACE, "an announcement cannot be read", e);
                }
            }
        }
        done.run();
    }

    private void heard(LogEntry.Note note) {
        String text = note.text();
        if (note.kind().equals(USER)) {
            int space = text.indexOf(' ');
            int line = text.indexOf('\n');
            listener.user(
                    Word.read(text.substring(0, space)),
                    Long.parseLong(text.substring(space + 1, line)),
                    text.substring(line + 1));
        } else if (note.kind().equals(TOKEN)) {
            listener.token(Word.read(text));
        }
    }

    void close() {
        closed = true;
        log.close();
    }
}
