package dev.realtime.internal.users;

import dev.realtime.internal.node.StoreClock;
import dev.realtime.spi.Values;
import dev.realtime.spi.Values.Value;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The store's values of users and of revoked tokens. Whatever it answers sets the clock. Thread-safe. */
final class UserValues {
    /** ASCII as a rule, so about as many bytes: see {@link Values}. */
    private static final int MOST_CHARS = 16_384;

    private static final int MOST_ATTEMPTS = 64;
    private static final Duration LEAST_LIFE = Duration.ofMinutes(1);

    private final Values values;
    private final StoreClock clock;

    UserValues(Values values, StoreClock clock) {
        this.values = values;
        this.clock = clock;
    }

    /**
     * What the store has of a user.
     *
     * @param now the store's clock in milliseconds
     * @param changed whether this write has changed it
     */
    record Stored(long version, UserFacts facts, long now, boolean changed) {
        /** What the log has of it. */
        String announced() {
            return UserFactsText.announced(facts);
        }

        static Stored of(Value value, boolean changed) {
            String text = value.text() == null ? "" : value.text();
            return new Stored(
                    value.version(),
                    UserFactsText.parse(text, value.version()).at(value.at().toEpochMilli()),
                    value.at().toEpochMilli(),
                    changed);
        }
    }

    CompletionStage<Stored> find(String user) {
        return read("user:" + user).thenApply(value -> Stored.of(value, false));
    }

    private CompletionStage<Value> read(String name) {
        long asked = clock.nanoTime();
        return values.find(name).thenApply(value -> {
            clock.answered(asked, value.at());
            return value;
        });
    }

    /**
     * Changes what has been decided about a user, again if somebody else was faster.
     *
     * @param change of the facts at a time of the store; null or the same facts: there is nothing to do
     */
    CompletionStage<Stored> change(String user, BiFunction<UserFacts, Long, @Nullable UserFacts> change) {
        return find(user).thenCompose(found -> change(user, found, change));
    }

    /** The same where it has just been {@linkplain #find found}. */
    CompletionStage<Stored> change(String user, Stored found, BiFunction<UserFacts, Long, @Nullable UserFacts> change) {
        return change(user, found, change, MOST_ATTEMPTS);
    }

    private CompletionStage<Stored> change(
            String user, Stored found, BiFunction<UserFacts, Long, @Nullable UserFacts> change, int attempts) {
        long now = found.now();
        UserFacts before = found.facts();
        UserFacts after = change.apply(before, now);
        if (after == null || after == before) {
            return CompletableFuture.completedFuture(found);
        }
        if (attempts == 0) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("the value of user " + user + " changes all the time"));
        }
        String text = after.isNothing() ? null : UserFactsText.of(after);
        if (!fits(after)) { // one user's clients could fill the store, and push what is said of others out of the log
            return CompletableFuture.failedFuture(
                    new IllegalStateException("there is no room for more decisions and logins of user " + user));
        }
        Duration life = Duration.ofMillis(Math.max(0, after.lastEnd() - now)).plus(LEAST_LIFE);
        long asked = clock.nanoTime();
        return values.put("user:" + user, found.version(), text, life).thenCompose(written -> {
            clock.answered(asked, written.value().at());
            Stored stored = Stored.of(written.value(), written.isDone());
            return written.isDone()
                    ? CompletableFuture.completedFuture(stored)
                    : change(user, stored, change, attempts - 1);
        });
    }

    /** Whether there is room for so much in a value. */
    static boolean fits(UserFacts facts) {
        return facts.isNothing() || UserFactsText.of(facts).length() <= MOST_CHARS;
    }

    CompletionStage<Boolean> isTokenRevoked(String tokenId) {
        return read("token:" + tokenId).thenApply(value -> value.text() != null);
    }

    CompletionStage<Void> revokeToken(String tokenId, Duration life) {
        return read("token:" + tokenId).thenCompose(value -> revokeToken(tokenId, value, life));
    }

    private CompletionStage<Void> revokeToken(String tokenId, Value value, Duration life) {
        return values.put("token:" + tokenId, value.version(), "revoked", life)
                .thenCompose(written -> written.isDone()
                        ? CompletableFuture.completedFuture(null)
                        : revokeToken(tokenId, written.value(), life));
    }
}
