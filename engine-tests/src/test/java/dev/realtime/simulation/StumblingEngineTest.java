package dev.realtime.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.FreshReason;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * An engine in which a step fails now and then, as it may wherever memory is short: that costs the clients whom it concerns their connections, and nobody an event
 * of which it is not told.
 */
@Tag("simulation")
class StumblingEngineTest {
    private static final int SEEDS = Simulated.seeds(40);

    private static final List<Mutant> STEPS = List.of(
            step("an event becomes bytes", "fanout/EventMessages", "        OutboundMessage batched = batching ==", 29),
            step("an event is remembered", "fanout/ReplayWindow", "        if (latest.isFull()) {", 31),
            step(
                    "a remembered event gets its place",
                    "fanout/ReplayWindow",
                    "        latest.add(delivery, target, now);",
                    37),
            step(
                    "the recipients of an event are looked for",
                    "rooms/RoomIndex",
                    "        OutboundMessage given = lagging.give(target, position, delivery);",
                    41),
            step(
                    "an event is given to a recipient",
                    "session/LocalSession",
                    "        unwritable = !outbox.offer(message);",
                    "if (message.kind() == OutboundMessage.Kind.RELIABLE) ",
                    67),
            step("a message is placed", "outbox/HeldMessages", "    void add(OutboundMessage message) {\n", 97),
            step("missed events are looked for", "fanout/RecentLog", "        Position through = passed.get();", 7),
            step("missed events are sent", "recovery/CatchUp", "        List<Missed> missed = new ArrayList<>();", 5),
            step("a client goes live", "recovery/CatchUp", "        int waiting = session.afterCatchUp()", 3),
            step(
                    "the log is read back",
                    "recovery/WindowBackfill",
                    "                    readOn(past, through(page), attempts);",
                    2),
            step(
                    "an audience joins",
                    "session/LocalSession",
                    "        if (roomChanges.joinAt(this, rooms, position)) {",
                    5),
            step(
                    "an audience leaves",
                    "session/LocalSession",
                    "        roomChanges.leaveAt(this, rooms, position);",
                    2),
            step(
                    "a session is restored",
                    "recovery/Restore",
                    "        if (hasEnded()) {\n            return;\n        }\n        List<PlacedEntry>",
                    2),
            step("a session begins", "recovery/FreshSessions", "            rooms.begin(session);", 4),
            step("a client is back", "recovery/SessionReturn", "        Position after = Position.max(", 4),
            step("a claim is answered", "recovery/Resume", "        String formerHome = claim.formerHome().node();", 4),
            step("a client is let in", "recovery/Admission", "        newcomer.begins();", 5),
            step(
                    "a client is told that it goes on",
                    "recovery/CatchUp",
                    "        boolean resumed = session.lifecycle().catchUp(",
                    3),
            step("an admission is over", "recovery/CatchUp", "        outcome.started();\n        told = true; //", 3),
            step(
                    "a disconnect is found in the log",
                    "recovery/Restore",
                    "        if (replay.isDisconnected()) {\n            restored",
                    1),
            step(
                    "a session of a dead node is adopted",
                    "recovery/NamespaceRecovery",
                    "            Runnable begin = () -> scope.fanout()",
                    1),
            step("a session waits for its client", "session/SuspensionWindow", "            openFor(length);", 3),
            step("a record is made", "session/RecordWriter", "            SessionRecord latest = snapshot.get();", 11),
            step(
                    "a record is written",
                    "session/RecordWriter",
                    "            saving = store.save(latest, timeToLive);",
                    11),
            step("a lease is renewed", "cluster/LeaseKeeper", "        CompletableFuture<Boolean> answer =", 4),
            step("the backend is asked for a lease", "cluster/NodeLease", "            renewal = leases.renew(", 4),
            step(
                    "the recipients of a turn are flushed",
                    "fanout/UnflushedRecipients",
                    "        boolean crowd = isCrowd();",
                    29),
            step("a turn begins", "fanout/Fanout", "            runtime.workers().execute(() -> {", 53),
            step("an answer is sent", "session/Answer", "boolean mayLeave =", 19));

    private static Mutant step(String name, String file, String original, int every) {
        return step(name, file, original, "", every);
    }

    /** @param when a condition in the code, before the statement; empty: always */
    private static Mutant step(String name, String file, String original, String when, int every) {
        String stumble = when + "dev.realtime.simulation.Stumbles.at(" + every + ");";
        return new Mutant(
                        name,
                        List.of(),
                        file,
                        original,
                        original.endsWith("{\n") ? original + stumble : stumble + original)
                .under(Simulated.LIBRARY);
    }

    @TestFactory
    Stream<DynamicTest> nobodyMissesAnEventUntoldWhenAStepFails() {
        return STEPS.stream()
                .map(step -> DynamicTest.dynamicTest(step.name(), () -> {
                    try (MutatedEngine engine = MutatedEngine.of(step)) {
                        assertThat(LongStream.rangeClosed(1, SEEDS)
                                        .parallel()
                                        .mapToObj(seed -> violations(engine, seed))
                                        .filter(found -> !found.isEmpty()))
                                .isEmpty();
                    }
                }));
    }

    private static String violations(MutatedEngine engine, long seed) {
        try {
            List<String> found = engine.violations(seed);
            List<String> wrong = found.stream()
                    .filter(violation -> !violation.startsWith("I19:")) // the answer to one whose connection had to end
                    .filter(violation -> !violation.contains(FreshReason.HISTORY_CUT.name())) // which it is told
                    .toList();
            return wrong.isEmpty() ? "" : seed + ": " + wrong;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
