package dev.realtime.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.Backend;
import dev.realtime.spi.Bus;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Registration;
import dev.realtime.spi.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the {@link Bus} of a backend that several nodes share must do. */
public abstract class BusContract {
    private final List<Backend> backends = new ArrayList<>();
    private Node one;
    private Node two;
    private Node three;

    /** Another node's backend on what all nodes share; the contract closes it. */
    protected abstract Backend join();

    /** Waits until something has come true that happens elsewhere, and fails when it does not. */
    protected abstract void await(String what, BooleanSupplier condition);

    @BeforeEach
    void joinAll() {
        one = node("node-1", "/game");
        two = node("node-2", "/game");
        three = node("node-3", "/game");
        List.of(one, two, three).forEach(node -> awaitOthers(node, 2));
    }

    @AfterEach
    void leaveAll() {
        backends.forEach(Backend::close);
    }

    private Node node(String name, String namespace) {
        Backend backend = join();
        backends.add(backend);
        return new Node(backend.bus(namespace, name));
    }

    private void awaitOthers(Node node, int count) {
        await(count + " other nodes", () -> {
            CompletableFuture<Integer> others = node.bus.others().toCompletableFuture();
            await("a count", others::isDone);
            return others.join() == count;
        });
    }

    private static BusMessage said(String text) {
        return new BusMessage.Volatile(
                Target.EVERYBODY, new EventData(("[\"said\",\"" + text + "\"]").getBytes(UTF_8), List.of()), null);
    }

    @Test
    void whatIsPublishedReachesAllOthersInOrderAndNotTheSender() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            one.bus.publish(said("m" + i));
            expected.add("node-1: [\"said\",\"m" + i + "\"]");
        }
        await("all of it", () -> two.heard.size() >= 200 && three.heard.size() >= 200);
        assertThat(two.heard).isEqualTo(expected);
        assertThat(three.heard).isEqualTo(expected);
        two.bus.send("node-1", said("enough"));
        await("an answer", () -> !one.heard.isEmpty());
        assertThat(one.heard).containsExactly("node-2: [\"said\",\"enough\"]");
    }

    @Test
    void whatIsSentToOneNodeReachesItAlone() {
        one.bus.send("node-2", new BusMessage.TakenOver("session-1", 7));
        one.bus.send("nobody", said("lost"));
        one.bus.publish(said("end"));
        await("the end", () -> two.heard.size() >= 2 && !three.heard.isEmpty());
        assertThat(two.heard)
                .containsExactly("node-1: TakenOver[sessionId=session-1, fence=7]", "node-1: [\"said\",\"end\"]");
        assertThat(three.heard).containsExactly("node-1: [\"said\",\"end\"]");
    }

    @Test
    void namespacesDoNotHearEachOther() {
        Node elsewhere = node("node-4", "/chat");
        awaitOthers(elsewhere, 0);
        one.bus.publish(said("a game"));
        one.bus.send("node-4", said("a game"));
        await("it where it belongs", () -> !two.heard.isEmpty());
        Node also = node("node-5", "/chat");
        awaitOthers(also, 1);
        also.bus.publish(said("a chat"));
        await("it where it belongs", () -> !elsewhere.heard.isEmpty());
        assertThat(elsewhere.heard).containsExactly("node-5: [\"said\",\"a chat\"]");
        assertThat(two.heard).containsExactly("node-1: [\"said\",\"a game\"]");
    }

    @Test
    void whoHasClosedIsNotCountedAndHearsNothing() {
        two.bus.close();
        awaitOthers(one, 1);
        one.bus.publish(said("without node 2"));
        await("it elsewhere", () -> !three.heard.isEmpty());
        assertThat(two.heard).isEmpty();
    }

    @Test
    void itIsKnownWhichNodesHearIt() {
        Node elsewhere = node("node-4", "/chat");
        awaitOthers(elsewhere, 0);
        awaitHearing(Set.of("node-2", "node-3"));
        two.bus.close();
        awaitHearing(Set.of("node-3"));
    }

    private void awaitHearing(Set<String> nodes) {
        await("that " + nodes + " hear it", () -> {
            CompletableFuture<Set<String>> hearing = one.bus
                    .hearing(Set.of("node-2", "node-3", "node-4", "nobody", "no#name"))
                    .toCompletableFuture();
            await("an answer", hearing::isDone);
            return hearing.join().equals(nodes);
        });
    }

    @Test
    void aListenerThatHasLeftHearsNothing() {
        two.registration.close();
        two.registration.close();
        one.bus.publish(said("nobody at node 2"));
        await("it elsewhere", () -> !three.heard.isEmpty());
        three.bus.publish(said("nobody at node 2"));
        await("it elsewhere", () -> !one.heard.isEmpty());
        assertThat(two.heard).isEmpty();
    }

    @Test
    void whatNodesSayToEachOtherBesideNamespacesArrivesByteForByte() {
        Backend backend = join();
        Backend other = join();
        backends.addAll(List.of(backend, other));
        Bus asking = backend.bus(Bus.NODES, "node-1");
        Bus answering = other.bus(Bus.NODES, "node-2");
        List<EventData> asked = new CopyOnWriteArrayList<>();
        List<EventData> answered = new CopyOnWriteArrayList<>();
        byte[] body = {0, -1, 10, 127, 'x'};
        String parts = "{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}";
        answering.subscribe((from, message) -> {
            BusMessage.ServerEvent event = (BusMessage.ServerEvent) message;
            asked.add(event.event());
            answering.send(
                    from,
                    new BusMessage.ServerReply(
                            "question-1",
                            new EventData(("[" + parts + "]").getBytes(UTF_8), List.of("head".getBytes(UTF_8), body))));
        });
        asking.subscribe((from, message) -> answered.add(((BusMessage.ServerReply) message).answer()));
        await("both hear", () -> {
            CompletableFuture<Set<String>> hearing =
                    asking.hearing(Set.of("node-1", "node-2")).toCompletableFuture();
            await("an answer", hearing::isDone);
            return hearing.join().size() == 2;
        });
        asking.send(
                "node-2",
                new BusMessage.ServerEvent(
                        "question-1",
                        new EventData(
                                ("[\"request\"," + parts + "]").getBytes(UTF_8),
                                List.of("what?".getBytes(UTF_8), new byte[0]))));
        await("the answer", () -> !answered.isEmpty());
        assertThat(asked.get(0).attachments())
                .usingRecursiveComparison()
                .isEqualTo(List.of("what?".getBytes(UTF_8), new byte[0]));
        assertThat(answered.get(0).attachments())
                .usingRecursiveComparison()
                .isEqualTo(List.of("head".getBytes(UTF_8), body));
        assertThat(one.heard).isEmpty();
        assertThat(two.heard).isEmpty();
    }

    /** A node that writes down what it hears. */
    private static final class Node {
        private final List<String> heard = new CopyOnWriteArrayList<>();
        private final Bus bus;
        private final Registration registration;

        Node(Bus bus) {
            this.bus = bus;
            this.registration = bus.subscribe((from, message) -> heard.add(from + ": " + text(message)));
        }

        private static String text(BusMessage message) {
            return message instanceof BusMessage.Volatile emit
                    ? new String(emit.event().json(), UTF_8)
                    : message.toString();
        }
    }
}
