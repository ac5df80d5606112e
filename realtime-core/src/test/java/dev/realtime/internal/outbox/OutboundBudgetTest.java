package dev.realtime.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.realtime.internal.outbox.OutboundMessage.Kind;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.limits.Overflow;
import dev.realtime.spi.Connection;
import dev.realtime.spi.Frame;
import dev.realtime.spi.InboundBudget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the node counts of its outboxes is what a walk through all of them finds, each message once. */
class OutboundBudgetTest {
    private static final int SIZE = 1000;
    private static final long LATER = 2 * OutboundBudget.PATIENCE;

    private final OutboundBudget budget = new OutboundBudget(10_000);
    private long now;

    @Test
    void whatManyWaitForCountsOnce() {
        List<Client> clients = List.of(new Client(), new Client(), new Client());
        OutboundMessage first = event(SIZE);
        clients.forEach(client -> client.given(first));
        assertThat(budget.used()).as("while nobody is behind").isZero();
        now += LATER;
        OutboundMessage second = event(SIZE);
        clients.forEach(client -> client.given(second));
        assertThat(budget.used()).isEqualTo(2 * SIZE + 3 * 2 * OutboundBudget.PLACE);

        clients.get(0).reads();
        clients.get(0).reads();
        assertThat(budget.used()).as("when one has read it all").isEqualTo(2 * SIZE + 2 * 2 * OutboundBudget.PLACE);
        clients.get(1).outbox.end();
        clients.get(2).reads();
        assertThat(budget.used()).as("when the last has read one").isEqualTo(SIZE + OutboundBudget.PLACE);
        clients.get(2).reads();
        assertThat(budget.used()).as("when nobody holds anything").isZero();
    }

    @Test
    void whatComesDuringAWriteCountsWithoutAFlush() {
        Client client = new Client();
        client.given(event(SIZE));
        now += LATER;
        assertThat(client.outbox.offer(event(SIZE)))
                .as("a flush would write it")
                .isFalse();
        assertThat(budget.used()).isEqualTo(2 * SIZE + 2 * OutboundBudget.PLACE);
        for (int i = 0; i < 20 && client.crowdedOut == 0; i++) {
            client.outbox.offer(event(SIZE));
        }
        assertThat(client.crowdedOut).isEqualTo(1);
        assertThat(budget.used()).isZero();
    }

    @Test
    void whatManyWaitForTakesNoPlaceOfEach() {
        OutboundBudget counted = new OutboundBudget(1 << 30);
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            clients.add(new Client(OutboxLimits.DEFAULT.maxMessages(10_000).maxBytes(1 << 30), counted));
        }
        OutboundMessage first = event(SIZE);
        clients.forEach(client -> client.given(first));
        now += LATER;
        for (int i = 0; i < 640; i++) {
            OutboundMessage next = event(SIZE);
            clients.forEach(client -> client.given(next));
        }
        long bytes = 641 * SIZE;
        assertThat(counted.used()).isEqualTo(recount(clients));
        assertThat(counted.used() - bytes)
                .as("for places")
                .isLessThan(1_000 * 12 * (OutboundBudget.STRETCH + OutboundBudget.PLACE));
        clients.subList(0, 500).forEach(client -> client.outbox.end());
        for (Client client : clients) {
            while (client.isWriting()) {
                client.reads();
            }
        }
        assertThat(counted.used()).isZero();
    }

    @Test
    void whatOthersHadTogetherDoesNotKeepTheRestFromIt() {
        OutboundBudget counted = new OutboundBudget(1 << 30);
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            clients.add(new Client(OutboxLimits.DEFAULT, counted));
        }
        OutboundMessage first = event(SIZE);
        clients.forEach(client -> client.given(first));
        now += LATER;
        OutboundMessage common = event(SIZE);
        clients.forEach(client -> client.given(common));
        for (Client gone : clients.subList(0, 8)) { // each in a room of its own
            gone.given(event(SIZE));
            gone.outbox.end();
        }
        List<Client> rest = clients.subList(8, 40);
        OutboundMessage next = event(SIZE);
        rest.forEach(client -> client.given(next));
        assertThat(counted.used()).isEqualTo(recount(rest));
        assertThat(counted.used())
                .isEqualTo(3 * SIZE + CommonMessages.BYTES + 32 * (OutboundBudget.PLACE + OutboundBudget.STRETCH));
    }

    @Test
    void whatNobodyHasTogetherAnyMoreIsNotInMemory() {
        OutboundBudget counted = new OutboundBudget(1 << 30);
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            clients.add(new Client(OutboxLimits.DEFAULT, counted));
        }
        OutboundMessage first = event(SIZE);
        clients.forEach(client -> client.given(first));
        now += LATER;
        OutboundMessage common = event(SIZE);
        clients.forEach(client -> client.given(common));
        Client gone = clients.get(0);
        gone.given(event(SIZE));
        assertThat(Objects.requireNonNull(common.holders()).beginnings()).isEqualTo(1);
        gone.outbox.end();
        assertThat(Objects.requireNonNull(common.holders()).beginnings()).isZero();
    }

    @Test
    void whatIsForOneClientAloneCountsElsewhere() {
        Client client = new Client();
        client.given(OutboundMessage.forOne(List.of(Frame.text(new byte[SIZE]))));
        now += LATER;
        client.outbox.countIfBehind(now);
        assertThat(budget.used()).isEqualTo(OutboundBudget.PLACE);
    }

    @Test
    void aClientWithoutAnywhereToWriteToIsBehindAfterAWhileToo() {
        Client client = new Client();
        client.outbox.detach(client.sink);
        client.given(event(SIZE));
        assertThat(budget.used()).isZero();
        now += LATER;
        client.outbox.countIfBehind(now);
        assertThat(budget.used()).isEqualTo(SIZE + OutboundBudget.PLACE);
        client.outbox.attach(client.sink);
        client.outbox.flush();
        client.reads();
        assertThat(budget.used()).isZero();
    }

    @Test
    void whoIsBehindAndFindsNoRoomOnTheNodeHasToGo() {
        Client client = new Client();
        for (int i = 0; i < 20 && client.crowdedOut == 0; i++) {
            client.given(event(SIZE));
            now += LATER;
        }
        assertThat(client.crowdedOut).isEqualTo(1);
        assertThat(budget.used()).isZero();
    }

    @Test
    void somebodyMakesRoomBeforeItIsFullAndOneAtATime() {
        List<Long> asked = new ArrayList<>();
        budget.relieveWith(() -> asked.add(budget.used()));
        Client client = new Client();
        for (int i = 0; i < 9; i++) {
            client.given(event(SIZE));
            now += LATER;
        }
        assertThat(asked).hasSize(1);
        assertThat(asked.get(0)).isGreaterThan(8_750);
        assertThat(budget.isRelieved()).isFalse();
        assertThat(client.outbox.crowdOut()).isTrue();
        assertThat(client.outbox.crowdOut()).as("twice").isFalse();
        assertThat(budget.isRelieved()).isTrue();
        budget.endRelief();

        Client next = new Client();
        for (int i = 0; i < 9; i++) {
            next.given(event(SIZE));
            now += LATER;
        }
        assertThat(asked).hasSize(2);
    }

    @Test
    void whoCountsSomethingFirstSaysSoBeforeAnotherTakesItOff() {
        Client first = new Client();
        Client last = new Client();
        first.given(event(1));
        last.given(event(1));
        now += LATER;
        first.outbox.countIfBehind(now);
        last.outbox.countIfBehind(now);
        OutboundMessage large = OutboundMessage.volatileMessage(List.of(Frame.text(new byte[SIZE])), "key");
        first.outbox.offer(large); // and the turn goes on
        last.given(large);
        first.outbox.offer(OutboundMessage.volatileMessage(List.of(Frame.text(new byte[1])), "key"));
        last.reads();
        last.reads();
        assertThat(budget.used()).isNotNegative();
        first.outbox.flush();
        assertThat(budget.used()).isEqualTo(1 + OutboundBudget.PLACE + 1 + OutboundBudget.PLACE_WITH_KEY);
    }

    @Test
    void aWriteThatWasTheFirstToHaveSomethingTogetherSaysSoBeforeAnotherTakesItOff() throws Exception {
        OutboundBudget counted = new OutboundBudget(1 << 30);
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(new Client(OutboxLimits.DEFAULT.maxBytes(1 << 30), counted));
        }
        OutboundMessage start = event(1);
        clients.forEach(client -> client.given(start));
        now += LATER;
        for (int i = 0; i < 52; i++) { // two writes: the second begins in the middle of what they have together
            OutboundMessage next = event(10_000);
            clients.forEach(client -> client.given(next));
        }
        Client first = clients.get(0);
        Client other = clients.get(1);
        OutboundMessage last = OutboundMessage.volatileMessage(List.of(Frame.text(new byte[1])), null);
        first.given(last);
        for (Client one : List.of(first, other)) {
            one.given(OutboundMessage.forOne(List.of(Frame.text(new byte[10_000])))); // for a third write
        }
        clients.forEach(Client::reads);
        first.reads();
        other.reads();
        clients.subList(2, 20).forEach(client -> client.outbox.end());

        Thread ending = new Thread(first.outbox::end);
        synchronized (Objects.requireNonNull(last.holders())) { // it is held up in the middle
            ending.start();
            while (ending.isAlive() && ending.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
            assertThat(ending.isAlive()).isTrue();
            other.outbox.end();
            assertThat(counted.used()).isNotNegative();
        }
        ending.join();
        assertThat(counted.used()).isZero();
    }

    @Test
    void whatMayBeLostGoesFirstAndTheRestStays() {
        Client client = new Client();
        client.given(event(SIZE));
        client.given(OutboundMessage.volatileMessage(List.of(Frame.text(new byte[SIZE])), "key"));
        client.given(event(SIZE));
        now += LATER;
        client.outbox.countIfBehind(now);
        assertThat(client.outbox.relieve(Kind.VOLATILE)).isEqualTo(1);
        assertThat(budget.used()).isEqualTo(2 * SIZE + 2 * OutboundBudget.PLACE);
        assertThat(client.outbox.relieve(Kind.VOLATILE)).isZero();
    }

    @Test
    void whoHasReadItAllMeanwhileStays() {
        Client client = new Client();
        client.given(event(SIZE));
        now += LATER;
        client.outbox.countIfBehind(now);
        assertThat(client.outbox.offender(now)).isNotNull();
        client.reads();
        client.given(event(SIZE));
        client.given(OutboundMessage.volatileMessage(List.of(Frame.text(new byte[SIZE])), "key"));
        assertThat(client.outbox.relieve(Kind.VOLATILE)).isZero();
        assertThat(client.outbox.crowdOut()).isFalse();
    }

    @Test
    void reliefThatCannotBeginIsAskedForAgain() {
        AtomicLong asked = new AtomicLong();
        budget.relieveWith(() -> {
            asked.incrementAndGet();
            throw new IllegalStateException("no thread");
        });
        Client client = new Client();
        client.given(event(9 * SIZE));
        now += LATER;
        for (int i = 0; i < 2; i++) {
            assertThatIllegalStateException().isThrownBy(() -> client.outbox.countIfBehind(now));
        }
        assertThat(asked).hasValue(2);
    }

    @Test
    void whoHoldsMostIsTheWorstAndThenWhoHasStalledFirst() {
        Client early = new Client();
        early.given(event(SIZE));
        now += 1;
        Client late = new Client();
        late.given(event(SIZE));
        Client much = new Client();
        much.given(event(2 * SIZE));
        now += LATER;
        Client reading = new Client();
        reading.given(event(SIZE));
        List<Client> all = List.of(late, reading, much, early);
        all.forEach(client -> client.outbox.countIfBehind(now));
        assertThat(reading.outbox.offender(now)).isNull();
        assertThat(all.stream()
                        .map(client -> client.outbox.offender(now))
                        .filter(offender -> offender != null)
                        .sorted(Offender.WORST_FIRST)
                        .map(Offender::outbox))
                .containsExactly(much.outbox, early.outbox, late.outbox);
    }

    @Test
    void whoHoldsSomethingAloneIsWorseThanManyWhoHoldMoreTogether() {
        OutboundMessage common = event(3 * SIZE);
        List<Client> many = List.of(new Client(), new Client(), new Client(), new Client());
        many.forEach(client -> client.given(common));
        Client alone = new Client();
        alone.given(event(SIZE));
        now += LATER;
        many.forEach(client -> client.outbox.countIfBehind(now));
        alone.outbox.countIfBehind(now);
        Offender worst = alone.outbox.offender(now);
        Offender one = many.get(0).outbox.offender(now);
        assertThat(worst.bytes()).isEqualTo(SIZE + OutboundBudget.PLACE);
        assertThat(one.bytes()).isEqualTo(3 * SIZE / 4 + OutboundBudget.PLACE);
        assertThat(Offender.WORST_FIRST.compare(worst, one)).isNegative();
    }

    @Property(tries = 300)
    void itIsWhatAWalkThroughAllOutboxesFinds(@ForAll long seed, @ForAll boolean dropsOldest) {
        Random random = new Random(seed);
        OutboundBudget counted = new OutboundBudget(20_000);
        OutboxLimits limits = OutboxLimits.DEFAULT
                .maxBytes(8_000)
                .maxMessages(16)
                .overflow(dropsOldest ? Overflow.DROP_OLDEST : Overflow.DISCONNECT);
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 24; i++) { // enough that they have places together
            clients.add(new Client(limits, counted));
        }
        for (int step = 0; step < 400; step++) {
            step(random, clients);
            assertThat(counted.used()).isNotNegative();
            if (random.nextInt(4) == 0) {
                clients.forEach(client -> client.outbox.countIfBehind(now));
                assertThat(counted.used()).isEqualTo(recount(clients));
            }
        }
        for (Client client : clients) {
            if (random.nextBoolean()) {
                client.outbox.end();
            } else {
                client.outbox.attach(client.sink);
            }
            client.outbox.flush();
            while (client.isWriting()) {
                client.reads();
            }
        }
        assertThat(counted.used()).as("when all is written or over").isZero();
    }

    @Test
    void threadsThatDeliverAndWriteAtOnceCountNothingTwice() throws Exception {
        OutboundBudget counted = new OutboundBudget(Long.MAX_VALUE);
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(new Client(OutboxLimits.DEFAULT.maxBytes(1 << 30).maxMessages(1 << 20), counted, true));
        }
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong least = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            threads.add(new Thread(() -> {
                for (int k = 0; k < 8_000; k++) {
                    OutboundMessage message = k % 3 == 0
                            ? OutboundMessage.volatileMessage(List.of(Frame.text(new byte[10])), "key")
                            : event(10);
                    clients.forEach(client -> client.given(message));
                }
            }));
        }
        Thread reader = new Thread(() -> {
            while (!over.get()) {
                clients.forEach(Client::reads);
                least.accumulateAndGet(counted.used(), Math::min);
            }
        });
        threads.forEach(Thread::start);
        reader.start();
        for (Thread thread : threads) {
            thread.join();
        }
        over.set(true);
        reader.join();
        for (Client client : clients) {
            client.outbox.flush();
            while (client.isWriting()) {
                client.reads();
            }
        }
        assertThat(least.get()).isZero();
        assertThat(counted.used()).isZero();
    }

    private void step(Random random, List<Client> clients) {
        Client one = clients.get(random.nextInt(clients.size()));
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> one.reads();
            case 3 -> now += random.nextInt((int) LATER);
            case 4 -> one.outbox.relieve(random.nextBoolean() ? Kind.VOLATILE : Kind.RELIABLE);
            case 5 -> {
                if (random.nextInt(20) == 0) {
                    one.outbox.crowdOut();
                }
            }
            case 6 -> {
                if (random.nextInt(20) == 0) {
                    one.breaks();
                }
            }
            case 7 -> {
                if (random.nextBoolean()) {
                    one.outbox.detach(one.sink);
                } else {
                    one.outbox.attach(one.sink);
                    one.outbox.flush();
                }
            }
            default -> {
                OutboundMessage message = message(random);
                for (Client client : clients) {
                    if (random.nextInt(3) > 0) {
                        client.outbox.offer(message);
                        if (random.nextInt(3) == 0) {
                            client.outbox.flush();
                        }
                    }
                }
            }
        }
    }

    private static OutboundMessage message(Random random) {
        List<Frame> frames = List.of(Frame.text(new byte[1 + random.nextInt(1500)]));
        return switch (random.nextInt(6)) {
            case 0 -> OutboundMessage.control(frames);
            case 1 -> OutboundMessage.volatileMessage(frames, null);
            case 2, 3 -> OutboundMessage.volatileMessage(frames, "key " + random.nextInt(3));
            default -> OutboundMessage.reliable(frames);
        };
    }

    private static long recount(List<Client> clients) {
        Set<OutboundMessage> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<CommonMessages> together = Collections.newSetFromMap(new IdentityHashMap<>());
        long[] sum = {0};
        for (Client client : clients) {
            sum[0] += client.outbox.placeBytes(together);
            client.outbox.forEachCounted(message -> {
                if (message.unshared() == 0 && seen.add(message)) {
                    sum[0] += message.size();
                }
            });
        }
        return sum[0];
    }

    private static OutboundMessage event(int size) {
        return OutboundMessage.reliable(List.of(Frame.text(new byte[size])));
    }

    /** One that reads one batch when it is told to. */
    private final class Client implements Outbox.Owner {
        final Outbox outbox;
        final Outbox.Sink sink = (batch, listener) -> {
            this.writing.set(listener);
            return false;
        };
        int crowdedOut;
        boolean breaking;

        private final AtomicReference<Connection.@Nullable WriteListener> writing = new AtomicReference<>();
        private final boolean alwaysLate;
        private final AtomicLong clock = new AtomicLong();

        Client() {
            this(OutboxLimits.DEFAULT, budget);
        }

        Client(OutboxLimits limits, OutboundBudget budget) {
            this(limits, budget, false);
        }

        /** @param alwaysLate whether it is behind whatever it does */
        Client(OutboxLimits limits, OutboundBudget budget, boolean alwaysLate) {
            this.alwaysLate = alwaysLate;
            outbox = new Outbox(limits, budget, this);
            outbox.attach(sink);
        }

        void given(OutboundMessage message) {
            outbox.offer(message);
            outbox.flush();
        }

        void reads() {
            Connection.WriteListener current = writing.getAndSet(null);
            if (current != null) {
                current.written();
            }
        }

        void breaks() {
            Connection.WriteListener current = writing.getAndSet(null);
            if (current != null) {
                breaking = true;
                current.failed(new IOException("broken"));
            }
        }

        boolean isWriting() {
            return writing.get() != null;
        }

        @Override
        public void overflowed() {}

        @Override
        public void crowdedOut() {
            crowdedOut++;
        }

        @Override
        public void writeFailed(Throwable cause) {
            assertThat(breaking).isTrue();
        }

        @Override
        public void broke(Throwable cause) {
            throw new AssertionError(cause);
        }

        @Override
        public void dropped(OutboundMessage message) {}

        @Override
        public InboundBudget.Share account() {
            return new InboundBudget(1 << 30, 1 << 20, () -> {}).share(InboundBudget.Use.UNREAD, "10.0.0.1");
        }

        @Override
        public long nanoTime() {
            return alwaysLate ? clock.addAndGet(LATER) : now;
        }
    }
}
