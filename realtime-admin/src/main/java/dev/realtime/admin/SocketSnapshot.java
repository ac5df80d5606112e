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

/** The clients of all nodes, as the UI wants them to begin with. Other nodes are asked for as many as there is room for. Servers of another kind, which do not know the question, are asked as upstream asks. */
final class SocketSnapshot {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Of an answer to another node: half of what one may have by default. */
    private static final int LARGEST = 512 << 10;

    private final Realtime realtime;
    private final Namespace admins;
    private final SocketWatch own;
    private final int most;

    SocketSnapshot(Realtime realtime, Namespace admins, SocketWatch own, int most) {
        this.realtime = realtime;
        this.admins = admins;
        this.own = own;
        this.most = most;
    }

    CompletionStage<List<ShownSocket>> take() {
        return admins.serverRequest(AdminEvents.SOCKETS, most, PATIENCE).thenCompose(this::withOthers);
    }

    private CompletionStage<List<ShownSocket>> withOthers(ServerReplies<List<ShownSocket>> replies) {
        List<ShownSocket> all = new ArrayList<>(own.shown(most));
        for (List<ShownSocket> answer : replies.answers()) {
            answer.stream().filter(Objects::nonNull).forEach(all::add);
        }
        if (replies.complete() || all.size() >= most) {
            return CompletableFuture.completedFuture(bounded(all));
        }
        return withThoseOfOtherKinds(all);
    }

    private CompletionStage<List<ShownSocket>> withThoseOfOtherKinds(List<ShownSocket> all) {
        CompletionStage<List<ShownSocket>> so = CompletableFuture.completedFuture(all);
        for (Namespace namespace : realtime.namespaces()) {
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

    private List<ShownSocket> bounded(List<ShownSocket> all) {
        return List.copyOf(all.subList(0, Math.min(most, all.size())));
    }

    /** As many as one answer can hold: clients have a say in how large they are. */
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

    /** Sends as many as one event can hold. */
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
