package dev.realtime.testkit.simulation;

import dev.realtime.testkit.ClientOptions;
import dev.realtime.testkit.InMemoryTransport;
import dev.realtime.testkit.TestClient;
import java.util.ArrayList;
import java.util.List;

/** What goes wrong with a client by itself: its network, its patience, and how fast it reads. Not thread-safe. */
final class ClientTrouble {
    private static final int BURST = 20;

    private final SimulatedCluster cluster;
    private final String client;
    private final List<ClientFault> faults = new ArrayList<>(); // each as often as it weighs
    private boolean stalled;

    /** @param possible none for a client with which nothing goes wrong */
    ClientTrouble(SimulatedCluster cluster, String client, List<ClientFault> possible) {
        this.cluster = cluster;
        this.client = client;
        for (ClientFault fault : possible) {
            for (int weight = 0; weight < fault.weight(); weight++) {
                faults.add(fault);
            }
        }
    }

    /** Whether the client does what its actions say this time, and nothing goes wrong. */
    boolean spares() {
        return faults.isEmpty() || cluster.random().nextInt(10) < 6;
    }

    /** Lets something go wrong. */
    void strike(TestClient current, Runnable act) {
        switch (cluster.any(faults)) {
            case DROP -> {
                note("drops");
                current.dropConnection();
            }
            case LOSE_NETWORK -> {
                note("loses its network");
                current.loseNetwork();
            }
            case CLOSE -> {
                note("closes");
                current.closeConnection();
            }
            case LEAVE -> {
                note("leaves");
                current.disconnect();
            }
            case STALL -> stall(current);
            case UPGRADE -> upgrade(current);
            case BURST -> {
                int times = 2 + cluster.random().nextInt(BURST - 1);
                note("does " + times + " things at once");
                for (int left = times; left > 0 && current.isConnected(); left--) {
                    act.run();
                }
            }
        }
    }

    /** Chooses what the client's first connection travels over. */
    ClientOptions transport(ClientOptions options) {
        if (faults.contains(ClientFault.UPGRADE) && cluster.random().nextInt(4) == 0) {
            return cluster.random().nextBoolean() ? options.upgrading() : options.polling(true);
        }
        return options;
    }

    private void stall(TestClient current) {
        if (!isWebSocket(current)) {
            return;
        }
        note(stalled ? "reads again" : "stalls");
        if (stalled) {
            current.resume();
        } else {
            current.stall();
        }
        stalled = !stalled;
    }

    /** The client has a new connection, which it reads. */
    void reconnected() {
        stalled = false;
    }

    /** The client reads again, if it does not. */
    void readAgain(TestClient current) {
        if (stalled && current.isOnline() && isWebSocket(current)) {
            current.resume();
        }
        stalled = false;
    }

    private void upgrade(TestClient current) {
        if (isWebSocket(current)) {
            return;
        }
        note("upgrades");
        try {
            current.beginUpgrade();
        } catch (InMemoryTransport.UpgradeRefused e) {
            note("may not upgrade"); // twice at once, or its node has given it up; it goes on polling
        }
    }

    private static boolean isWebSocket(TestClient client) {
        return client.transport().equals("websocket");
    }

    private void note(String what) {
        cluster.note(client + " " + what);
    }
}
