package dev.realtime.internal.memory;

import dev.realtime.spi.Bus;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.Registration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The bus of one namespace for the engines of one process: a message arrives while it is sent. */
final class MemoryBus {
    private final Map<String, Place> places = new ConcurrentHashMap<>();

    /** @param left called when the node has given up its place */
    Bus join(String node, Runnable left) {
        Place place = new Place(node, left);
        places.put(node, place);
        return place;
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    /** One node's place. */
    private final class Place implements Bus {
        private final String node;
        private final Runnable left;
        private volatile @Nullable Listener listener;

        Place(String node, Runnable left) {
            this.node = node;
            this.left = left;
        }

        @Override
        public void publish(BusMessage message) {
            for (Place other : places.values()) {
                if (!other.node.equals(node)) {
                    other.hear(node, message);
                }
            }
        }

        @Override
        public void send(String to, BusMessage message) {
            Place other = places.get(to);
            if (other != null && !to.equals(node)) {
                other.hear(node, message);
            }
        }

        private synchronized void hear(String from, BusMessage message) {
            Listener current = listener;
            if (current != null) {
                current.message(from, message);
            }
        }

        @Override
        public Registration subscribe(Listener newListener) {
            listener = newListener;
            return () -> listener = null;
        }

        @Override
        public CompletionStage<Integer> others() {
            int others = 0;
            for (Place place : places.values()) {
                if (!place.node.equals(node)) {
                    others++;
                }
            }
            return CompletableFuture.completedFuture(others);
        }

        @Override
        public CompletionStage<Set<String>> hearing(Set<String> nodes) {
            Set<String> hearing = new HashSet<>(nodes);
            hearing.retainAll(places.keySet());
            return CompletableFuture.completedFuture(hearing);
        }

        @Override
        public void close() {
            places.remove(node, this);
            left.run();
        }
    }
}
