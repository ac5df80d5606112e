package dev.realtime.idempotency;

import dev.realtime.ErrorCode;
import dev.realtime.EventRefusedException;
import dev.realtime.Request;
import dev.realtime.Session;
import dev.realtime.internal.options.Range;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a {@linkplain Request#idempotentBy(Idempotency) request} is recognised that a client sends again: its handler runs once for each key of a user, in
 * the whole cluster, and each further one with the same key gets the answer of the first, on whatever node it comes.
 *
 * <pre>{@code
 * record Buy(String requestId, String item, int count) {}
 *
 * static final Request<Buy, Bought> BUY = Request.of("shop:buy", Buy.class, Bought.class)
 *     .idempotentBy(Idempotency.by(Buy::requestId).window(Duration.ofMinutes(10)));
 * }</pre>
 *
 * <p>A key belongs to the namespace, the name of the request and the user; of an anonymous client, to its session. What comes of a request:
 *
 * <ul>
 *   <li>A reply is kept for the {@linkplain #window() window}, and so is a refusal ({@link EventRefusedException}) that does not say that the client may
 *       try again: it has no {@code retryAfter}, and its code is no {@link ErrorCode} that may be {@linkplain ErrorCode#retry() retried}.
 *   <li>A handler that fails, or refuses for now, may run again with the next request of the key.
 *   <li>While the handler runs, the same request waits for its answer, and no thread does. It waits for
 *       {@link dev.realtime.limits.Limits#handlerTimeout()} at most, and gets {@link ErrorCode#TIMEOUT}; it is never handled after that.
 *   <li>A handler that has not answered after four times that long is waited for no more: its key gets {@link ErrorCode#ALREADY_HANDLED} for the window.
 *   <li>A node that dies while its handler runs has its claim for {@link dev.realtime.RealtimeBuilder#lease(Duration)} more; then the next one runs it. What the
 *       handler had done by then, it does twice: {@link Session#idempotencyKey()} lets a database recognise it.
 *   <li>An answer that is larger than 15 KiB as text (attachments count by a third more) goes to those who wait for it, and is not kept: a later request with the key
 *       gets {@link ErrorCode#ALREADY_HANDLED}.
 *   <li>A request without a key (null, empty, longer than {@value #MAX_KEY_LENGTH} characters) is refused with {@link ErrorCode#INVALID_PAYLOAD}; if the function throws, with
 *       {@link ErrorCode#HANDLER_FAILED}. Neither is handled.
 *   <li>16 requests of one key, 64 of one session and 10,000 of a node may be under way. One more is refused with {@link ErrorCode#OVERLOADED}.
 * </ul>
 *
 * <p>Needs a backend with values: the one in memory and Redis have them. Immutable and thread-safe.
 *
 * @param <T> the payload of the request
 */
public final class Idempotency<T> {
    /** How long an answer is kept unless somebody says otherwise. */
    public static final Duration DEFAULT_WINDOW = Duration.ofMinutes(2);

    /** Characters of the longest key. */
    public static final int MAX_KEY_LENGTH = 256;

    private final Function<? super T, @Nullable String> key;
    private final Duration window;
    private final @Nullable Function<? super T, @Nullable Instant> sentAt;
    private final boolean unprotected;

    private Idempotency(
            Function<? super T, @Nullable String> key,
            Duration window,
            @Nullable Function<? super T, @Nullable Instant> sentAt,
            boolean unprotected) {
        this.key = key;
        this.window = window;
        this.sentAt = sentAt;
        this.unprotected = unprotected;
    }

    /**
     * Recognises requests by a key that the client puts into the payload, such as a random id that it makes for each request and sends again with each attempt.
     *
     * @param key must be quick, and gives the same each time; is not called for a payload that is null, which has no key
     */
    public static <T> Idempotency<T> by(Function<? super T, @Nullable String> key) {
        return new Idempotency<>(Objects.requireNonNull(key, "key"), DEFAULT_WINDOW, null, false);
    }

    /**
     * Returns the same with another window: how long an answer is kept, from when it was given. It should be longer than a client goes on trying.
     *
     * @param value between 1 s and 1 day; default {@link #DEFAULT_WINDOW}, which is 2 min
     * @throws IllegalArgumentException if the value is out of range
     */
    public Idempotency<T> window(Duration value) {
        Objects.requireNonNull(value, "window");
        return new Idempotency<>(
                key,
                Range.between(Duration.ofSeconds(1), Duration.ofDays(1), "Idempotency.window", value),
                sentAt,
                unprotected);
    }

    /**
     * Returns the same for requests that say when they were made. One that comes later than the window behind that is refused with
     * {@link ErrorCode#REQUEST_EXPIRED}, and its handler does not begin: without this, a request that comes when its key is forgotten is a new one. Its time is compared with
     * the clock of the backend, so a client whose clock is wrong takes the time from what the server tells it. One that is from further ahead than the window, or
     * has no time, is refused with {@link ErrorCode#INVALID_PAYLOAD}.
     *
     * @param time when the client made the request, the same with each attempt
     */
    public Idempotency<T> sentAt(Function<? super T, @Nullable Instant> time) {
        return new Idempotency<>(key, window, Objects.requireNonNull(time, "time"), unprotected);
    }

    /**
     * Returns the same for requests that are rather handled twice than not at all: while the backend does not answer, the handler runs for each that comes, and only those that
     * meet on one node are recognised. Otherwise they are refused with {@link ErrorCode#UNAVAILABLE}.
     */
    public Idempotency<T> unprotectedInOutage() {
        return new Idempotency<>(key, window, sentAt, true);
    }

    /** Returns what makes the key of a payload. */
    public Function<? super T, @Nullable String> key() {
        return key;
    }

    /** Returns how long an answer is kept. */
    public Duration window() {
        return window;
    }

    /** Returns what says when a request was made, if anything does. */
    public Optional<Function<? super T, @Nullable Instant>> sentAt() {
        return Optional.ofNullable(sentAt);
    }

    /** Returns whether handlers run although the backend does not answer. */
    public boolean isUnprotectedInOutage() {
        return unprotected;
    }

    @Override
    public String toString() {
        return "Idempotency[window " + window + (sentAt == null ? "" : ", sentAt")
                + (unprotected ? ", unprotectedInOutage" : "") + "]";
    }
}
