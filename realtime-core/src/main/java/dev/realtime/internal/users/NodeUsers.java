package dev.realtime.internal.users;

import dev.realtime.Namespace;
import dev.realtime.internal.node.Lifetime;
import dev.realtime.internal.options.Range;
import dev.realtime.internal.system.UserStage;
import dev.realtime.users.User;
import dev.realtime.users.UserRules;
import dev.realtime.users.Users;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The users as the application sees them from one node. Thread-safe. */
public final class NodeUsers implements Users {
    static final Duration LONGEST = Duration.ofDays(3650);
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final int LONGEST_ID = 256;

    private final @Nullable UserDirectory directory;
    private final UserRules rules;
    private final Supplier<Collection<? extends Namespace>> namespaces;
    private final Lifetime lifetime;
    private final Supplier<Executor> handlers;

    /**
     * @param directory null without rules for users
     * @param rules the defaults without
     * @param namespaces those that are live on this node
     * @param handlers where stages of the application go on
     */
    public NodeUsers(
            @Nullable UserDirectory directory,
            UserRules rules,
            Supplier<Collection<? extends Namespace>> namespaces,
            Lifetime lifetime,
            Supplier<Executor> handlers) {
        this.directory = directory;
        this.rules = rules;
        this.namespaces = namespaces;
        this.lifetime = lifetime;
        this.handlers = handlers;
    }

    @Override
    public User user(String id) {
        return new NodeUser(checkedId("id", id), this);
    }

    @Override
    public CompletionStage<Void> revokeToken(String tokenId, Duration duration) {
        checkedId("tokenId", tokenId);
        Duration life = checked(duration);
        return decision(users -> users.revokeToken(tokenId, life));
    }

    static String checkedId(String name, String id) {
        return Range.name(LONGEST_ID, name, id);
    }

    static Duration checked(Duration duration) {
        Objects.requireNonNull(duration, "duration");
        return Range.between(SHORTEST, LONGEST, "duration", duration);
    }

    Collection<? extends Namespace> namespaces() {
        return namespaces.get();
    }

    UserRules rules() {
        return rules;
    }

    /** What needs the backend's values; fails without rules for users. */
    <T> CompletionStage<T> decision(Function<UserDirectory, CompletionStage<T>> what) {
        UserDirectory users = directory;
        if (users == null) {
            return CompletableFuture.failedFuture(new IllegalStateException(
                    "this needs rules for users; add RealtimeBuilder.users(UserRules.DEFAULT)"));
        }
        IllegalStateException end = lifetime.end();
        return end == null
                ? UserStage.of(lifetime.within(what.apply(users)), handlers.get())
                : CompletableFuture.failedFuture(end);
    }
}
