package dev.realtime.testkit.backend;

import dev.realtime.spi.Claimant;
import dev.realtime.spi.Home;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore;
import dev.realtime.testkit.backend.Line.Traffic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Session records as one node sees them. */
final class NodeSessionStore implements SessionStore {
    private final NodeBackend backend;

    NodeSessionStore(NodeBackend backend) {
        this.backend = backend;
    }

    @Override
    public CompletionStage<Void> save(SessionRecord session, Duration timeToLive) {
        byte[] bytes = SessionRecordBytes.write(session);
        String privateId = session.privateId();
        Home home = session.home();
        return backend.call(
                        Traffic.SESSIONS,
                        () -> backend.store().sessions(sessions -> sessions.save(privateId, home, bytes, timeToLive)))
                .thenAccept(saved -> {
                    if (!saved) {
                        throw new CompletionException(new FencedException(home.fence()));
                    }
                });
    }

    @Override
    public CompletionStage<Optional<SessionRecord>> find(String privateId) {
        return backend.call(
                        Traffic.SESSIONS,
                        () -> Optional.ofNullable(backend.store().sessions(sessions -> sessions.find(privateId))))
                .thenApply(found -> found.map(SessionRecordBytes::session));
    }

    @Override
    public CompletionStage<Claim> claim(String privateId, String node, Claimant client) {
        return backend.call(
                Traffic.SESSIONS, () -> backend.store().sessions(sessions -> sessions.claim(privateId, client, node)));
    }

    @Override
    public CompletionStage<Optional<SessionRecord>> claimFrom(String from, String privateId, String node) {
        return backend.call(
                Traffic.SESSIONS,
                () -> Optional.ofNullable(
                        backend.store().sessions(sessions -> sessions.claimFrom(from, privateId, node))));
    }

    @Override
    public CompletionStage<Removal> remove(String privateId, Home home) {
        return backend.call(
                Traffic.SESSIONS, () -> backend.store().sessions(sessions -> sessions.remove(privateId, home)));
    }

    @Override
    public CompletionStage<List<SessionRecord>> homedAt(String node, int limit) {
        return backend.call(Traffic.SESSIONS, () -> backend.store().sessions(sessions -> sessions.homedAt(node, limit)))
                .thenApply(
                        found -> found.stream().map(SessionRecordBytes::session).toList());
    }
}
