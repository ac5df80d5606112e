package dev.realtime.redis.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

/** Which steps become one call: no server is busy with one for long. */
class CallTest {
    private static final int KIB = 1 << 10;
    private static final Script SCRIPT = new Script("return {}", "0".repeat(40));

    private static Command step(int size) {
        Step step = Step.of(SCRIPT, List.of("k"), "x".repeat(size - 1));
        return new Command(
                "k",
                new CommandArguments(Protocol.Command.EVALSHA),
                null,
                step,
                step.size(),
                0,
                new CompletableFuture<>());
    }

    private static Command plain() {
        return new Command(
                "k", new CommandArguments(Protocol.Command.GET).add("k"), null, null, 1, 0, new CompletableFuture<>());
    }

    /** How many commands each call has; their order stays. */
    private static List<Integer> calls(List<Command> waiting) {
        List<Call> calls = Call.of(waiting, true);
        List<Command> inOrder = new ArrayList<>();
        calls.forEach(call -> inOrder.addAll(call.commands()));
        assertThat(inOrder).isEqualTo(waiting);
        return calls.stream().map(call -> call.commands().size()).toList();
    }

    @Test
    void stepsOfUpTo128KibAreOneCall() {
        assertThat(calls(List.of(step(64 * KIB), step(64 * KIB)))).containsExactly(2);
        assertThat(calls(List.of(step(64 * KIB), step(64 * KIB), step(1)))).containsExactly(2, 1);
        assertThat(calls(List.of(step(64 * KIB), step(64 * KIB + 1), step(1)))).containsExactly(1, 2);
    }

    @Test
    void aStepThatIsLargerIsACallOfItsOwn() {
        assertThat(calls(List.of(step(1), step(1_000 * KIB), step(1), step(1)))).containsExactly(1, 1, 2);
    }

    @Test
    void sixtyFourSmallStepsAreOneCall() {
        assertThat(calls(Collections.nCopies(150, step(10)))).containsExactly(64, 64, 22);
    }

    @Test
    void whatIsNoStepIsACallOfItsOwn() {
        assertThat(calls(List.of(step(1), step(1), plain(), plain(), step(1)))).containsExactly(2, 1, 1, 1);
    }
}
