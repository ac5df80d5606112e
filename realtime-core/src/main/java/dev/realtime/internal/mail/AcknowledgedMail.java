package dev.realtime.internal.mail;

import dev.realtime.spi.Queues;
import dev.realtime.spi.Queues.Queued;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * What the client of a session has acknowledged, and what may still be in the mailbox. Each is known by its place there, since the application may have used its id again. Thread-safe.
 */
final class AcknowledgedMail {
    private final Queues queues;
    private final Map<String, Queued> left =
            new LinkedHashMap<>(); // by place: their removal is not certain; guarded by this
    private final Map<String, Queued> gone =
            new LinkedHashMap<>(); // by place: whoever looks has not heard of it; guarded by this

    AcknowledgedMail(Queues queues) {
        this.queues = queues;
    }

    /** The client has acknowledged it; {@link #remove} is to follow. */
    synchronized void add(Queued message) {
        left.put(message.place(), message);
    }

    /** Whether something has to be removed before anything else is taken. */
    synchronized boolean isLeft() {
        return !left.isEmpty();
    }

    /** Whether it was acknowledged: a look that had begun before that may find it. */
    synchronized boolean has(Queued message) {
        return left.containsKey(message.place()) || gone.containsKey(message.place());
    }

    /** What is not in the mailbox any more, of which nobody was told before. */
    synchronized List<Queued> takeGone() {
        List<Queued> all = List.copyOf(gone.values());
        gone.clear();
        return all;
    }

    /** Removes what is left. If that fails it is still left. */
    CompletionStage<Void> remove(String mailbox) {
        Map<String, Queued> all;
        synchronized (this) {
            all = Map.copyOf(left);
        }
        return queues.removeAt(mailbox, all.keySet()).thenAccept(removed -> removed(all));
    }

    private synchronized void removed(Map<String, Queued> all) {
        left.keySet().removeAll(all.keySet());
        gone.putAll(all);
    }
}
