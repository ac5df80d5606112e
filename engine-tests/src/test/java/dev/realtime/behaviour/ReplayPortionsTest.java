package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.Recovery;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.memory.InMemoryBackend;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.InMemoryTransport;
import dev.realtime.testkit.SequentialIds;
import dev.realtime.testkit.TestRequest;
import dev.realtime.testkit.TestUsers;
import dev.realtime.testkit.VirtualExecutor;
import dev.realtime.testkit.VirtualTime;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much of a replay is brought up in one turn of the engine, between which everybody else has theirs. */
class ReplayPortionsTest {
    private static final int MISSED = 20_000;
    private static final int PORTION = 256;
    private static final Pattern PRIVATE_ID = Pattern.compile("\"pid\":\"([^\"]+)\"");

    private final VirtualTime time = VirtualTime.create();
    private final VirtualExecutor executor = new VirtualExecutor(time);
    private final Executor counted = task -> executor.execute(() -> turn(task));
    private boolean counts;
    private final Realtime realtime = Game.open()
            .recovery(Recovery.within(Duration.ofMinutes(2)))
            .outbox(OutboxLimits.DEFAULT.maxMessages(10 * MISSED).maxBytes(1 << 30)) // it is not what bounds a portion
            .time(time)
            .ids(new SequentialIds("n0"))
            .authenticator(new TestUsers())
            .executor(executor)
            .engineExecutor(counted)
            .backend(InMemoryBackend.create())
            .build();
    private final InMemoryTransport transport = new InMemoryTransport(realtime.doors(), time, executor);
    private long most;
    private long inTurns;

    private void turn(Runnable task) {
        if (!counts) {
            task.run();
            return;
        }
        long before = replayed();
        task.run();
        long now = replayed() - before;
        most = Math.max(most, now);
        inTurns += now;
    }

    private long replayed() {
        return realtime.stats().counters().getOrDefault("replayed", 0L);
    }

    @AfterEach
    void stop() {
        var unused = realtime.drain(Duration.ofSeconds(1));
        time.advance(Duration.ofSeconds(10));
        realtime.close();
        time.settle();
    }

    @Test
    void noTurnOfTheEngineBringsUpMoreThanAPortionOfAReplay() {
        InMemoryConnection first = open("40{\"user\":\"ann\"}");
        Matcher privateId = PRIVATE_ID.matcher(first.texts().toString());
        assertThat(privateId.find()).isTrue();
        first.reset();
        time.settle();
        for (int i = 0; i < MISSED; i++) {
            var unused = realtime.namespace("/").emit(Game.TICK, new Number(i));
        }
        time.settle();
        counts = true;
        InMemoryConnection second = open("40{\"user\":\"ann\",\"pid\":\"" + privateId.group(1) + "\"}");
        assertThat(second.texts().stream().filter(text -> text.startsWith("42[\"tick\"")))
                .hasSize(MISSED);
        assertThat(inTurns).as("what was brought up in turns").isEqualTo(MISSED);
        assertThat(most).as("the most that one turn brought up").isEqualTo(PORTION);
    }

    private InMemoryConnection open(String connect) {
        InMemoryConnection socket = transport.open(TestRequest.of("GET", "/socket.io/")
                .query("EIO", "4")
                .query("transport", "websocket")
                .view());
        socket.send(connect);
        time.settle();
        return socket;
    }
}
