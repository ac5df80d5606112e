package dev.realtime.internal.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Position;
import dev.realtime.Recovery;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.rooms.Membership;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.internal.system.Workers;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.EventData;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.Target;
import dev.realtime.spi.Time;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How few writes a fan-out needs. What it delivers is the matter of the testkit's behaviour tests. */
class FanoutTest {
    private final ArrayDeque<Runnable> work = new ArrayDeque<>();
    private final ManualTime time = new ManualTime();
    private final Counters counters = new Counters();
    private final List<Member> members = new ArrayList<>();
    private final RoomIndex<Member> index = new RoomIndex<>(() -> Position.START, () -> Position.START, id -> null);
    private final Fanout<Member> fanout = new Fanout<>(
            new NodeRuntime(
                    "node", time, Workers.given(work::add, work::add), counters, new BoundedLog(System::nanoTime)),
            Recovery.within(Duration.ofMinutes(1)),
            new EventMessages(PacketEncoder.of("/"), true, null),
            index,
            Position.START,
            Duration.ofMinutes(1),
            null,
            null,
            () -> 0,
            emit -> {});
    private long sequence;

    private void arrive(List<PlacedEntry> batch, Runnable done) {
        fanout.entries(batch, batch.get(batch.size() - 1).position(), done);
    }

    @Test
    void whatWaitsForAPlaceInTheLogRunsInTheOrderOfThePlaces() {
        List<String> ran = new ArrayList<>();
        fanout.executeBehind(new Position(1, 5), () -> ran.add("5"));
        fanout.executeBehind(new Position(1, 2), () -> ran.add("2"));
        fanout.executeBehind(new Position(1, 5), () -> ran.add("5 again"));
        fanout.entries(List.of(), new Position(1, 2), () -> {});
        runAll();
        assertThat(ran).containsExactly("2");
        fanout.entries(List.of(), new Position(1, 7), () -> {});
        runAll();
        assertThat(ran).containsExactly("2", "5", "5 again");
        assertThat(fanout.position()).isEqualTo(new Position(1, 7));
    }

    @Test
    void entriesThatTheLogHoldsByNowLeaveInTheSameWrite() {
        members(1);
        arrive(batch(1), () -> arrive(batch(3), () -> {}));
        runAll();
        assertThat(members.get(0).writes).containsExactly(4);
    }

    @Test
    void whatLeavesWithoutAFlushIsCountedWithTheTurn() {
        Member busy = new Member("busy") {
            @Override
            public boolean markForFlush() {
                return false;
            }
        };
        index.enter(busy, Position.START);
        arrive(batch(3), () -> {});
        runAll();
        assertThat(counters.value(Counters.Name.DELIVERIES)).isEqualTo(3);
        assertThat(work).isEmpty();
    }

    @Test
    void aRecipientThatCannotBeFlushedHoldsUpNobody() {
        members(3);
        members.get(1).whenFlushed = () -> {
            throw new IllegalStateException("a broken transport");
        };
        arrive(batch(1), () -> {});
        runAll();
        arrive(batch(1), () -> {});
        runAll();
        assertThat(members.get(0).writes).containsExactly(1, 1);
        assertThat(members.get(2).writes).containsExactly(1, 1);
    }

    @Test
    void aRecipientThatCannotBeGivenAnEventKeepsItFromNobody() {
        members(1);
        Member broken = new Member("broken") {
            @Override
            public boolean deliver(OutboundMessage message) {
                throw new IllegalStateException("there is no room on the node, and no thread that makes some");
            }
        };
        index.enter(broken, Position.START);
        members(1);
        arrive(batch(1), () -> {});
        runAll();
        assertThat(members.get(0).writes).containsExactly(1);
        assertThat(members.get(1).writes).containsExactly(1);
        assertThat(broken.missed).isEqualTo(1);
    }

    @Test
    void whoeverAnEventIsForThatCannotBeDeliveredHasToComeBackForIt() {
        members(2);
        EventData damaged = new EventData("damaged".getBytes(StandardCharsets.UTF_8), List.of());
        List<PlacedEntry> batch = batch(1);
        batch.add(new PlacedEntry(new Position(1, ++sequence), new LogEntry.Emit(Target.EVERYBODY, damaged)));
        arrive(batch, () -> {});
        runAll();
        assertThat(members).allSatisfy(member -> {
            assertThat(member.missed).isEqualTo(1);
            assertThat(member.writes).containsExactly(1);
        });
        arrive(batch(1), () -> {});
        runAll();
        assertThat(members).allSatisfy(member -> assertThat(member.writes).containsExactly(1, 1));
    }

    @Test
    void anAudienceJoinsAlthoughItIsNotPossibleForOne() {
        List<String> joined = new ArrayList<>();
        for (String id : List.of("a", "b", "c")) {
            Member member = new Member(id) {
                @Override
                public void joinAt(Set<String> rooms, Position position) {
                    if (id.equals("b")) {
                        throw new IllegalStateException("no memory");
                    }
                    joined.add(id);
                }
            };
            members.add(member);
            index.enter(member, Position.START);
        }
        arrive(
                List.of(new PlacedEntry(
                        new Position(1, ++sequence), new LogEntry.Join(Target.EVERYBODY, Set.of("room")))),
                () -> {});
        runAll();
        assertThat(joined).containsExactlyInAnyOrder("a", "c");
        assertThat(members).extracting(member -> member.lost).containsExactly(0, 1, 0);
    }

    @Test
    void aTaskThatFailsBetweenTwoEventsKeepsTheSecondFromNobody() {
        members(1);
        fanout.executeBehind(new Position(1, 1), () -> {
            throw new IllegalStateException("an answer that nobody can take");
        });
        List<String> ran = new ArrayList<>();
        fanout.executeBehind(new Position(1, 1), () -> ran.add("another"));
        arrive(batch(2), () -> ran.add("done"));
        runAll();
        assertThat(members.get(0).writes).containsExactly(2);
        assertThat(ran).containsExactly("another", "done");
    }

    @Test
    void aLogThatNeverEndsDoesNotPutOffTheWriteForEver() {
        members(1);
        endless();
        for (int i = 0; i < 10; i++) {
            work.remove().run(); // a turn is bounded, too
        }
        assertThat(members.get(0).writes).isNotEmpty().allMatch(count -> count == 64);
    }

    @Test
    void whatHasBeenDeliveredDoesNotWaitForLongTasks() {
        members(1);
        arrive(batch(1), () -> {});
        List<Integer> written = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            fanout.execute(() -> {
                time.now += 2_000_000;
                written.add(members.get(0).writes.size());
            });
        }
        runAll();
        assertThat(written.indexOf(1)).as("tasks of 2 ms before the write").isEqualTo(3);
    }

    @Test
    void whatHasBeenDeliveredDoesNotWaitForALongBatch() {
        members(1);
        index.enter(new SlowMember("slow"), Position.START);
        arrive(batch(1_000), () -> {});
        runAll();
        assertThat(members.get(0).writes).allMatch(count -> count <= 16).hasSize(63);
    }

    private final class SlowMember extends Member {
        SlowMember(String id) {
            super(id);
        }

        @Override
        public boolean deliver(OutboundMessage message) {
            time.now += 1_000_000;
            return super.deliver(message);
        }
    }

    @Test
    void aBusyCrowdIsWrittenToAgainAfterAnEighthOfTheTimeItTook() {
        members(100);
        Member last = members.get(99);
        last.whenFlushed = () -> {
            time.now += 800_000;
            last.whenFlushed = () -> {};
            arrive(batch(1), () -> {});
        };
        arrive(batch(1), () -> {});
        runAll();
        assertThat(time.delays).containsExactly(Duration.ofNanos(100_000));

        arrive(batch(1), () -> {}); // comes during the pause
        time.ring();
        runAll();
        assertThat(last.writes).containsExactly(1, 2);
        assertThat(time.delays).hasSize(1);
    }

    @Test
    void thePauseIsNeverLong() {
        members(100);
        Member last = members.get(99);
        last.whenFlushed = () -> {
            time.now += 1_000_000_000;
            last.whenFlushed = () -> {};
            arrive(batch(1), () -> {});
        };
        arrive(batch(1), () -> {});
        runAll();
        assertThat(time.delays).containsExactly(Duration.ofMillis(2));
    }

    @Test
    void thereIsNoPauseWhenNothingWaits() {
        members(100);
        members.get(99).whenFlushed = () -> time.now += 800_000;
        arrive(batch(1), () -> {});
        runAll();
        arrive(batch(1), () -> {});
        runAll();
        assertThat(time.delays).isEmpty();
        assertThat(members.get(99).writes).containsExactly(1, 1);
    }

    @Test
    void thereIsNoPauseForAFew() {
        members(2);
        Member last = members.get(1);
        last.whenFlushed = () -> {
            time.now += 800_000;
            last.whenFlushed = () -> {};
            arrive(batch(1), () -> {});
        };
        arrive(batch(1), () -> {});
        runAll();
        assertThat(time.delays).isEmpty();
        assertThat(last.writes).containsExactly(1, 1);
    }

    @Test
    void aLentThreadDeliversALittleByItself() {
        members(3);
        lent(batch(2));
        assertThat(work).isEmpty();
        assertThat(members.get(0).writes).containsExactly(2);
        assertThat(fanout.position()).isEqualTo(new Position(1, 2));
    }

    @Test
    void aLentThreadLeavesMuchToTheWorkers() {
        members(3);
        lent(batch(17));
        assertThat(members.get(0).writes).isEmpty();
        runAll();
        assertThat(members.get(0).writes).containsExactly(17);
    }

    @Test
    void aLentThreadDoesNotWriteToACrowd() {
        members(17);
        lent(batch(1));
        assertThat(members.get(0).writes).isEmpty();
        lent(batch(1)); // the turn is the worker's by now
        runAll();
        assertThat(members.get(16).writes).containsExactly(2);
    }

    @Test
    void aLentThreadRunsNoTaskOfOthers() {
        members(1);
        List<String> ran = new ArrayList<>();
        fanout.executeBehind(new Position(1, 1), () -> ran.add("parked"));
        runAll();
        members.get(0).whenFlushed = () -> fanout.execute(() -> ran.add("came meanwhile"));
        lent(batch(1));
        assertThat(ran).isEmpty();
        runAll();
        assertThat(ran).containsExactly("parked", "came meanwhile");
        ran.clear();
        lent(batch(1));
        assertThat(members.get(0).writes).containsExactly(1, 1);
        assertThat(ran).isEmpty();
        runAll();
        assertThat(ran).containsExactly("came meanwhile");
    }

    private void lent(List<PlacedEntry> batch) {
        fanout.entriesHere(batch, batch.get(batch.size() - 1).position(), () -> {});
    }

    private void endless() {
        arrive(batch(1), this::endless);
    }

    private void members(int count) {
        for (int i = 0; i < count; i++) {
            Member member = new Member("m" + i);
            members.add(member);
            index.enter(member, Position.START);
        }
    }

    private List<PlacedEntry> batch(int size) {
        List<PlacedEntry> batch = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            EventData event = new EventData("[\"tick\"]".getBytes(StandardCharsets.UTF_8), List.of());
            batch.add(new PlacedEntry(new Position(1, ++sequence), new LogEntry.Emit(Target.EVERYBODY, event)));
        }
        return batch;
    }

    private void runAll() {
        Runnable task;
        while ((task = work.poll()) != null) {
            task.run();
        }
    }

    private static final class ManualTime implements Time {
        private final List<Duration> delays = new ArrayList<>();
        private final List<Runnable> timers = new ArrayList<>();
        private long now;

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            delays.add(delay);
            timers.add(task);
            return () -> {};
        }

        void ring() {
            timers.remove(0).run();
        }
    }

    private static class Member implements Recipient {
        private final String id;
        private final List<Integer> writes = new ArrayList<>();
        private Runnable whenFlushed = () -> {};
        private int waiting;
        private int missed;
        private int lost;
        private boolean due;

        Member(String id) {
            this.id = id;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public boolean deliver(OutboundMessage message) {
            waiting++;
            return true;
        }

        @Override
        public void missed(Throwable cause) {
            missed++;
        }

        @Override
        public void lost(Throwable cause) {
            lost++;
        }

        @Override
        public HeldEvents held() {
            throw new UnsupportedOperationException("nothing is batched");
        }

        @Override
        public boolean markForFlush() {
            boolean first = !due;
            due = true;
            return first;
        }

        @Override
        public void flush() {
            due = false;
            writes.add(waiting);
            waiting = 0;
            whenFlushed.run();
        }

        @Override
        public boolean wasIn(String room, @Nullable Position position) {
            return false;
        }

        @Override
        public void entered(Membership<?> membership) {}

        @Override
        public void joinAt(Set<String> rooms, Position position) {}

        @Override
        public void leaveAt(Set<String> rooms, Position position) {}

        @Override
        public void disconnectAt(boolean closeConnection) {}
    }
}
