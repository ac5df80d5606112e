package dev.realtime.testkit.backend;

import dev.realtime.spi.Bus;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.Registration;
import dev.realtime.testkit.backend.Line.Traffic;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One node's place on the bus of a namespace. */
final class NodeBus implements Bus, Store.BusPlace {
    private final NodeBackend backend;
    private final String namespace;
    private final String node;
    private volatile @Nullable Listener listener;

    NodeBus(NodeBackend backend, String namespace, String node) {
        this.backend = backend;
        this.namespace = namespace;
        this.node = node;
        backend.store().join(namespace, this);
    }

    @Override
    public String node() {
        return node;
    }

    @Override
    public void publish(BusMessage message) {
        byte[] bytes = BusMessageBytes.write(message);
        backend.line()
                .toBackend(
                        Traffic.BUS,
                        () -> backend.store().listening(namespace, node).forEach(other -> other.hear(node, bytes)));
    }

    @Override
    public void send(String to, BusMessage message) {
        byte[] bytes = BusMessageBytes.write(message);
        backend.line()
                .toBackend(
                        Traffic.BUS,
                        () -> backend.store().listening(namespace, node).stream()
                                .filter(other -> other.node().equals(to))
                                .forEach(other -> other.hear(node, bytes)));
    }

    @Override
    public void hear(String from, byte[] message) {
        backend.line().toNode(Traffic.BUS, () -> heard(from, message));
    }

    private synchronized void heard(String from, byte[] message) {
        Listener current = listener;
        if (current != null) {
            current.message(from, BusMessageBytes.message(message));
        }
    }

    @Override
    public Registration subscribe(Listener newListener) {
        listener = newListener;
        return () -> listener = null;
    }

    @Override
    public CompletionStage<Integer> others() {
        return backend.call(
                Traffic.BUS, () -> backend.store().others(namespace, node).size());
    }

    @Override
    public CompletionStage<Set<String>> hearing(Set<String> nodes) {
        return backend.call(Traffic.BUS, () -> {
            Set<String> hearing = new HashSet<>();
            backend.store().others(namespace, "").forEach(place -> hearing.add(place.node()));
            hearing.retainAll(nodes);
            return hearing;
        });
    }

    @Override
    public void close() {
        backend.store().leave(namespace, this);
    }
}
