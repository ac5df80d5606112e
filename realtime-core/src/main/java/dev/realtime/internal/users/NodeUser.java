package dev.realtime.internal.users;

import dev.realtime.Event;
import dev.realtime.Fetched;
import dev.realtime.Namespace;
import dev.realtime.Online;
import dev.realtime.SessionView;
import dev.realtime.internal.options.Range;
import dev.realtime.internal.users.UserFacts.Revocation;
import dev.realtime.users.Standing;
import dev.realtime.users.User;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One user as the application sees it. Immutable. */
final class NodeUser implements User {
    private final String id;
    private final NodeUsers users;

    NodeUser(String id, NodeUsers users) {
        this.id = id;
        this.users = users;
    }

    @Override
    public String id() {
        return id;
    }

    // ---- where it is

    @Override
    public CompletionStage<Fetched> sessions() {
        CompletionStage<Fetched> all = CompletableFuture.completedFuture(new Fetched(List.of(), 0));
        for (Namespace namespace : users.namespaces()) {
            all = all.thenCombine(namespace.user(id).fetch(), NodeUser::both);
        }
        return all;
    }

    /** A node that does not answer in one namespace as a rule answers in none. */
    private static Fetched both(Fetched one, Fetched other) {
        List<SessionView> sessions = new ArrayList<>(one.sessions());
        sessions.addAll(other.sessions());
        return new Fetched(List.copyOf(sessions), Math.max(one.missingNodes(), other.missingNodes()));
    }

    @Override
    public CompletionStage<Integer> count() {
        return sessions().thenApply(NodeUser::connected);
    }

    private static int connected(Fetched fetched) {
        return (int) fetched.sessions().stream().filter(SessionView::connected).count();
    }

    @Override
    public CompletionStage<Online> online() {
        return sessions().thenApply(fetched -> {
            if (connected(fetched) > 0) {
                return Online.YES;
            }
            return fetched.complete() ? Online.NO : Online.UNKNOWN;
        });
    }

    @Override
    public <T> CompletionStage<Void> emit(Event<T> event, T payload) {
        Objects.requireNonNull(event, "event");
        return everywhere(namespace -> namespace.user(id).emit(event, payload));
    }

    @Override
    public CompletionStage<Void> disconnect(String reason) {
        Objects.requireNonNull(reason, "reason");
        Event<String> event = Event.of(users.rules().disconnectEvent(), String.class);
        return everywhere(namespace -> namespace
                .user(id)
                .emit(event, reason)
                .thenCombine(namespace.user(id).disconnect(true), (said, ended) -> ended));
    }

    private CompletionStage<Void> everywhere(Function<Namespace, CompletionStage<?>> action) {
        return CompletableFuture.allOf(users.namespaces().stream()
                .map(namespace -> action.apply(namespace).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    // ---- what it may do

    @Override
    public CompletionStage<Void> grant(String permission, Duration duration) {
        Range.wellFormed("permission", permission);
        return until(duration, (facts, end) -> facts.granted(permission, end));
    }

    @Override
    public CompletionStage<Void> revoke(String permission, Duration duration) {
        Range.wellFormed("permission", permission);
        return until(duration, (facts, end) -> facts.revoked(permission, end));
    }

    @Override
    public CompletionStage<Void> reset(String permission) {
        Range.wellFormed("permission", permission);
        return decide((facts, now) -> facts.undecided(permission));
    }

    @Override
    public CompletionStage<Void> mute(Duration duration) {
        return until(duration, UserFacts::muted);
    }

    @Override
    public CompletionStage<Void> unmute() {
        return decide((facts, now) -> facts.unmuted());
    }

    @Override
    public CompletionStage<Void> restrict(Duration duration) {
        return until(duration, UserFacts::restricted);
    }

    @Override
    public CompletionStage<Void> unrestrict() {
        return decide((facts, now) -> facts.unrestricted());
    }

    @Override
    public CompletionStage<Void> revokeCredentials() {
        long life = users.rules().credentialLife().toMillis();
        return decide((facts, now) -> facts.credentialsRevoked(new Revocation(now, now + life)));
    }

    private CompletionStage<Void> until(Duration duration, BiFunction<UserFacts, Long, UserFacts> change) {
        long millis = NodeUsers.checked(duration).toMillis();
        return decide((facts, now) -> change.apply(facts, now + millis));
    }

    private CompletionStage<Void> decide(BiFunction<UserFacts, Long, @Nullable UserFacts> change) {
        return users.decision(directory -> directory.decide(id, change));
    }

    @Override
    public CompletionStage<Standing> standing() {
        return users.decision(directory -> directory.values().find(id).thenApply(stored -> standing(stored.facts())));
    }

    private static Standing standing(UserFacts facts) {
        return new Standing(
                instants(facts.granted()),
                instants(facts.revoked()),
                instant(facts.mutedUntil()),
                instant(facts.restrictedUntil()));
    }

    private static Map<String, Instant> instants(Map<String, Long> ends) {
        Map<String, Instant> instants = new TreeMap<>();
        ends.forEach((permission, end) -> instants.put(permission, Instant.ofEpochMilli(end)));
        return instants;
    }

    private static Optional<Instant> instant(long end) {
        return end == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(end));
    }

    @Override
    public String toString() {
        return "user " + id;
    }
}
