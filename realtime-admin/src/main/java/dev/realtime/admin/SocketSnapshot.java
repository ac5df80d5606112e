package dev.realtime.admin;

import dev.realtime.Fetched;
import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.ServerReplies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The clients of all nodes, as the UI wants them to begin with. Other nodes are asked for as many as there is room for. Servers of another kind, which do not know the question, are asked as upstream asks. */
final class SocketSnapshot {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Bytes of a list: half of what an event or an answer may have by default, and of what may wait for an administrator. */
    private static final int LARGEST = 512 << 10;

    private final Realtime realtime;
    private final Namespace admins;
    private final SocketWatch own;
    private final int most;
    private @Nullable CompletableFuture<List<ShownSocket>> running; // guarded by this

    SocketSnapshot(Realtime realtime, Namespace admins, SocketWatch own, int most) {
        this.realtime = realtime;
        this.admins = admins;
        this.own = own;
        this.most = most;
    }

    /** Others are asked for one list at a time, which all get who want one meanwhile. */
    CompletionStage<List<ShownSocket>> take() {
        CompletableFuture<List<ShownSocket>> begun = new CompletableFuture<>();
        synchronized (this) {
            if (running != null) {
                return running;
            }
            running = begun;
        }
        admins.serverRequest(AdminEvents.SOCKETS, most, PATIENCE)
                .thenCompose(this::withOthers)
                .whenComplete((sockets, failure) -> {
                    synchronized (this) {
                        running = null;
                    }
                    if (failure == null) {
                        begun.complete(sockets);
                    } else {
                        begun.completeExceptionally(failure);
                    }
                });
        return begun;
    }

    private CompletionStage<List<ShownSocket>> withOthers(ServerReplies<List<ShownSocket>> replies) {
        List<List<ShownSocket>> nodes = new ArrayList<>();
        nodes.add(own.shown(most));
        replies.answers()
                .forEach(answer ->
                        nodes.add(answer.stream().filter(Objects::nonNull).toList()));
        List<ShownSocket> all = inTurns(nodes);
        if (replies.complete() || all.size() >= most) {
            return CompletableFuture.completedFuture(bounded(all));
        }
        return withThoseOfOtherKinds(all);
    }

    private CompletionStage<List<ShownSocket>> withThoseOfOtherKinds(List<ShownSocket> all) {
        CompletionStage<List<ShownSocket>> so = CompletableFuture.completedFuture(all);
        for (Namespace namespace : NodeStatistics.namespaces(realtime)) {
            so = so.thenCombine(namespace.fetch(), (found, fetched) -> with(found, fetched, namespace.name()));
        }
        return so.thenApply(this::bounded);
    }

    private static List<ShownSocket> with(List<ShownSocket> found, Fetched fetched, String namespace) {
        Set<String> known = found.stream().map(ShownSocket::id).collect(Collectors.toSet());
        fetched.sessions().stream()
                .filter(view -> view.connected() && !known.contains(view.id()))
                .map(view -> ShownSocket.of(view, namespace))
                .forEach(found::add);
        return found;
    }

    /** One of each node, then another: as many as there is room for, and no node takes that of the others. */
    private List<ShownSocket> inTurns(List<List<ShownSocket>> nodes) {
        List<ShownSocket> all = new ArrayList<>();
        for (int turn = 0; turn < most && all.size() < most; turn++) {
            for (List<ShownSocket> node : nodes) {
                if (turn < node.size() && all.size() < most) {
                    all.add(node.get(turn));
                }
            }
        }
        return all;
    }

    private List<ShownSocket> bounded(List<ShownSocket> all) {
        return List.copyOf(fitting(all.subList(0, Math.min(most, all.size()))));
    }

    /** As many as one list can hold: clients have a say in how large they are. */
    static List<ShownSocket> fitting(List<ShownSocket> sockets) {
        int size = 0;
        for (int i = 0; i < sockets.size(); i++) {
            size += sockets.get(i).size();
            if (size > LARGEST) {
                return sockets.subList(0, i);
            }
        }
        return sockets;
    }

    /** Sends as many as one event can hold, where that is less than usual. */
    static void send(List<ShownSocket> sockets, Consumer<List<ShownSocket>> emit) {
        List<ShownSocket> some = sockets;
        while (true) {
            try {
                emit.accept(some);
                return;
            } catch (IllegalArgumentException tooLarge) {
                if (some.isEmpty()) {
                    throw tooLarge;
                }
                some = some.subList(0, some.size() / 2);
            }
        }
    }
}
