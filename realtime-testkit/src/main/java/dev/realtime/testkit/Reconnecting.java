package dev.realtime.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A client that comes back: attempts with pauses in between, until one succeeds or it has been enough. */
final class Reconnecting {
    static final int ATTEMPTS = 8;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /** For the answer to a CONNECT, when the backend takes its time. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration STEP = Duration.ofMillis(5);

    private final TestClient client;
    private final ClientManager manager;
    private final Entrance entrance;
    private final List<String> attempts = new ArrayList<>();

    Reconnecting(TestClient client, ClientManager manager) {
        this.client = client;
        this.manager = manager;
        this.entrance = manager.entrance();
    }

    void anywhere() {
        if (entrance.nodes() == 1) {
            client.connect();
            return;
        }
        entrance.chooseAnother();
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            if (succeeds()) {
                return;
            }
            entrance.time().advance(jittered(pause));
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            entrance.chooseAnother();
        }
        throw new AssertionError("no node lets the client in: " + attempts + client.receivedSoFar());
    }

    void to(int node) {
        entrance.choose(node);
        if (!succeeds()) {
            throw new AssertionError("the client does not get in: " + attempts + client.receivedSoFar());
        }
    }

    /** Whether the namespace has answered: with a session, or with a refusal, which no other node would lift. */
    private boolean succeeds() {
        try {
            client.connect();
        } catch (InMemoryTransport.Unreachable | InMemoryTransport.UpgradeRefused e) {
            attempts.add(String.valueOf(e.getMessage()));
            return false;
        }
        long until = entrance.time().nanoTime() + PATIENCE.toNanos();
        while (manager.isUnderWay()
                && !client.isConnected()
                && client.connectError().isEmpty()
                && until - entrance.time().nanoTime() > 0) {
            entrance.time().advance(STEP);
        }
        if (client.isConnected() || client.connectError().isPresent()) {
            return true;
        }
        attempts.add(manager.isUnderWay() ? "no answer after " + PATIENCE : "the connection was lost");
        manager.abandon();
        return false;
    }

    private Duration jittered(Duration pause) {
        return Duration.ofNanos((long) (pause.toNanos() * (0.5 + entrance.jitter() / 2)));
    }
}
