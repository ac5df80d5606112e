package dev.realtime.internal.mail;

import dev.realtime.spi.Queues;
import dev.realtime.spi.Queues.Queued;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the client of a session has acknowledged, and what may still be in the mailbox. Used by one step of its {@link MailCarrier} after the other, but for {@link #late}. */
final class AcknowledgedMail {
    private final Queues queues;
    private final Map<String, String> places = new LinkedHashMap<>(); // of those whose removal is not certain
    private final List<Queued> late = new ArrayList<>(); // guarded by this

    AcknowledgedMail(Queues queues) {
        this.queues = queues;
    }

    /** It was acknowledged when nobody waited for that any more. In any thread. */
    synchronized void late(Queued message) {
        late.add(message);
    }

    private synchronized List<Queued> takeLate() {
        List<Queued> all = List.copyOf(late);
        late.clear();
        return all;
    }

    /** Whether something has to be removed before anything else is taken. */
    synchronized boolean isLeft() {
        return !places.isEmpty() || !late.isEmpty();
    }

    /** Removes a message. Completes with the ids of what is not there any more. */
    CompletionStage<Set<String>> remove(String mailbox, Queued message) {
        return remove(mailbox, List.of(message));
    }

    /** Removes what is left: of what may have been removed already that which stands where it stood, since another one with such an id may have been put there. */
    CompletionStage<Set<String>> removeLeft(String mailbox) {
        if (places.isEmpty()) {
            return remove(mailbox, takeLate());
        }
        Map<String, String> known = Map.copyOf(places);
        return queues.find(mailbox, known.keySet()).thenCompose(page -> {
            places.clear();
            return remove(
                    mailbox,
                    page.items().stream()
                            .filter(item -> item.place().equals(known.get(item.id())))
                            .toList());
        });
    }

    private CompletionStage<Set<String>> remove(String mailbox, List<Queued> messages) {
        if (messages.isEmpty()) {
            return CompletableFuture.completedFuture(Set.of());
        }
        messages.forEach(message -> places.put(message.id(), message.place()));
        Set<String> ids = Set.copyOf(places.keySet());
        return queues.remove(mailbox, ids).thenApply(removed -> {
            places.clear();
            return ids;
        });
    }
}
