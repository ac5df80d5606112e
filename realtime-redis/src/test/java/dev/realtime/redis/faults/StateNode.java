package dev.realtime.redis.faults;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Session;
import dev.realtime.redis.RedisBackend;
import dev.realtime.state.SharedState;
import dev.realtime.state.State;
import dev.realtime.state.StateValue;
import dev.realtime.testkit.TestUsers;
import dev.realtime.transport.Origins;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** One node in a process of its own, which changes a state as fast as it can until it is killed. */
public final class StateNode {
    static final State<Integer> COUNT = State.of("count", Integer.class);

    private StateNode() {}

    static RealtimeBuilder options(String url) {
        return Realtime.builder()
                .origins(Origins.any())
                .authenticator(new TestUsers())
                .lease(Duration.ofSeconds(3))
                .backend(RedisBackend.connect(url))
                .namespace("/", game -> game.state(COUNT).onConnect(StateNode::watch));
    }

    private static void watch(Session session) {
        var unused = state(session.namespace().realtime()).watch(session);
    }

    static SharedState<Integer> state(Realtime realtime) {
        return realtime.namespace("/").state(COUNT).of("g7");
    }

    static CompletionStage<StateValue<Integer>> count(Realtime realtime, String by) {
        return state(realtime).update(by, now -> now == null ? 1 : now + 1);
    }

    /** Arguments: the URL of Redis. */
    public static void main(String[] arguments) {
        Realtime realtime = options(arguments[0]).build();
        System.out.println("port 0");
        while (true) {
            count(realtime, "writer").toCompletableFuture().join();
        }
    }
}
