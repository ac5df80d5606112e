package dev.realtime.jwt;

import dev.realtime.ErrorCode;
import dev.realtime.internal.jwt.JwkSet;
import dev.realtime.internal.jwt.JwtAlgorithm;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a JSON Web Key Set (RFC 7517), such as an identity provider publishes. How the document is fetched is the application's
 * choice:
 *
 * <pre>{@code
 * HttpRequest jwks = HttpRequest.newBuilder(URI.create("https://id.example/.well-known/jwks.json"))
 *     .timeout(Duration.ofSeconds(5)).build();
 * JwksKeys keys = JwksKeys.from(() -> {
 *     try {
 *         return http.send(jwks, BodyHandlers.ofString()).body();
 *     } catch (IOException e) {
 *         throw new UncheckedIOException(e);
 *     } catch (InterruptedException e) {
 *         throw new IllegalStateException(e);
 *     }
 * });
 * }</pre>
 *
 * <p>The document is read when the first token comes, when a token names a key that is not in it, and when it is older than {@link
 * #maxAge}, but never twice within a minute, failed readings included: a flood of invented key ids fetches nothing. Tokens that need a
 * reading wait for the one under way; the others do not. When a reading fails the last keys stay in use; while there are none at all
 * every token fails with {@link ErrorCode#HANDLER_FAILED}, which clients may retry.
 *
 * <p>RSA keys of at least 2,048 bits and EC keys on P-256, P-384 and P-521 are used, as far as they are for signatures; of a key with an
 * {@code alg} only that algorithm is accepted. A document of more than 1 MiB fails, keys beyond the 256th are passed over. Thread-safe.
 */
public final class JwksKeys implements JwtKeys {
    private static final Logger LOG = LoggerFactory.getLogger(JwksKeys.class);
    private static final Duration BETWEEN = Duration.ofMinutes(1);

    private final Supplier<String> document;
    private final Duration maxAge;
    private final AtomicReference<@Nullable Reading> last = new AtomicReference<>();
    private volatile @Nullable Known known;

    /** What the last good reading found. */
    private record Known(JwkSet keys, Instant since) {}

    /** A reading, done or under way; its result is null when it failed and there is nothing older. */
    private record Reading(Instant at, CompletableFuture<@Nullable JwkSet> result) {}

    private JwksKeys(Supplier<String> document, Duration maxAge) {
        if (maxAge.compareTo(BETWEEN) < 0) {
            throw new IllegalArgumentException("maxAge is at least " + BETWEEN + ", but is " + maxAge);
        }
        this.document = document;
        this.maxAge = maxAge;
    }

    /** @param document fetches the set as JSON text; may block, and has its own timeout; what it throws is a failed reading */
    public static JwksKeys from(Supplier<String> document) {
        Objects.requireNonNull(document, "document");
        return new JwksKeys(document, Duration.ofMinutes(15));
    }

    /**
     * After how long the document is read again: this is how long a key that was withdrawn is still accepted. Default: 15 minutes; at
     * least 1 minute.
     *
     * @return new keys with this setting, nothing read yet
     */
    public JwksKeys maxAge(Duration age) {
        Objects.requireNonNull(age, "age");
        return new JwksKeys(document, age);
    }

    @Override
    public Optional<PublicKey> find(@Nullable String keyId, String algorithm, Instant at) {
        Objects.requireNonNull(algorithm, "algorithm");
        Objects.requireNonNull(at, "at");
        JwtAlgorithm wanted = JwtAlgorithm.named(algorithm);
        if (wanted == null) {
            return Optional.empty();
        }
        Known current = known;
        if (current != null && !passed(maxAge, current.since(), at)) {
            Optional<PublicKey> key = current.keys().find(keyId, wanted);
            if (key.isPresent()) {
                return key;
            }
        }
        JwkSet keys = reading(at).result().join();
        if (keys == null) {
            throw new IllegalStateException(
                    "the key set could not be read; it is tried again a minute after the last attempt");
        }
        return keys.find(keyId, wanted);
    }

    /** The last reading, or a new one if it is time. */
    private Reading reading(Instant at) {
        while (true) {
            Reading before = last.get();
            if (before != null && !passed(BETWEEN, before.at(), at)) {
                return before;
            }
            Reading mine = new Reading(at, new CompletableFuture<>());
            if (last.compareAndSet(before, mine)) {
                mine.result().complete(read(at));
                return mine;
            }
        }
    }

    private @Nullable JwkSet read(Instant at) {
        Known before = known;
        try {
            JwkSet keys = JwkSet.parse(document.get());
            known = new Known(keys, at);
            return keys;
        } catch (RuntimeException | Error e) { // whoever waits for this reading must be let go
            LOG.warn("the key set could not be read{}", before == null ? "" : ", the last one stays in use", e);
            return before == null ? null : before.keys();
        }
    }

    /**
     * A wall clock that was set back counts as time that passed, or it would have to catch up first; tokens that overtake each other by
     * an instant do not.
     */
    private static boolean passed(Duration time, Instant since, Instant at) {
        return Duration.between(since, at).abs().compareTo(time) >= 0;
    }
}
