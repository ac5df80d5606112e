package dev.realtime.redis;

import dev.realtime.redis.internal.intake.Heard;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Numbers what a handler does because of one message, by its kind. Handlers on all nodes do the same, so the first emit of an event has the same id
 * on each of them, and is done once. For the thread of the handler, until it has returned.
 */
final class OnceEffects {
    /** For how long behind the message a handler may do something. */
    static final Duration MOST_AGE = Duration.ofSeconds(30);

    /** Beside the time that a command may wait for Redis. It is longer than nodes are apart that hear the same message. */
    private static final Duration REMEMBERED = Duration.ofMinutes(2);

    private final String name;
    private final long heardAt;
    private final LongSupplier nanoTime;
    private final Thread owner = Thread.currentThread();
    private final Map<String, Integer> counts = new HashMap<>();
    private boolean ended;

    /** The id of one effect in its namespace, and how long it is remembered at least beside what commands wait. */
    record Id(String text, Duration remembered) {}

    /** @param id of the message */
    OnceEffects(Heard message, String id, LongSupplier nanoTime) {
        this.name = digest(message.channel(), id.getBytes(StandardCharsets.UTF_8));
        this.heardAt = message.at();
        this.nanoTime = nanoTime;
    }

    /** A short name for the two together: of equal ones the same, of others another. */
    static String digest(String channel, byte[] rest) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((channel.length() + ":" + channel + ":").getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest(rest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /**
     * Returns the id of what the handler does now.
     *
     * @param kind of it, such as the name of the event: handlers of two versions, of which one does more, agree on the rest
     * @throws IllegalStateException if it is not the handler who does it, or if it comes so late that it might be done again
     */
    Id next(String namespace, String kind) {
        if (Thread.currentThread() != owner || ended) {
            throw new IllegalStateException("what is done once because of a message is done by its handler, on the"
                    + " handler's thread and before it returns");
        }
        if (nanoTime.getAsLong() - heardAt > MOST_AGE.toNanos()) {
            throw new IllegalStateException("the message was heard more than " + MOST_AGE.toSeconds()
                    + " s ago: what is done because of it now might be done twice");
        }
        return new Id(
                "intake:" + name + ":" + counts.merge(namespace + " " + kind, 1, Integer::sum) + ":" + kind,
                REMEMBERED);
    }

    /** The handler has returned. */
    void end() {
        ended = true;
    }
}
