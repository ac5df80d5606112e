package dev.realtime.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.internal.outbox.OutboundMessage.Kind;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.limits.Overflow;
import dev.realtime.spi.Connection;
import dev.realtime.spi.Frame;
import dev.realtime.spi.InboundBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** An outbox does what a plain list does that is searched from its beginning for everything. */
class OutboxPropertiesTest {
    @Property(tries = 400)
    void anOutboxDoesWhatAPlainListDoes(@ForAll long seed, @ForAll boolean dropsOldest) {
        compare(seed, bounds(dropsOldest).maxBytes(1_024).maxMessages(12), 300, 8);
    }

    @Property(tries = 40)
    void soDoesALargeOneOfAClientThatHardlyEverReads(@ForAll long seed, @ForAll boolean dropsOldest) {
        compare(seed, bounds(dropsOldest).maxBytes(60_000).maxMessages(600), 3_000, 1_000);
    }

    /** Those that are behind have in common what they wait for. */
    @Property(tries = 60)
    void soDoManyThatWaitForMuchOfTheSame(@ForAll long seed, @ForAll boolean dropsOldest) {
        Random random = new Random(seed);
        OutboxLimits bounds = bounds(dropsOldest).maxBytes(30_000).maxMessages(250);
        List<Real> reals = new ArrayList<>();
        List<Model> models = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            reals.add(new Real(bounds));
            models.add(new Model(bounds));
        }
        int same = 1 + random.nextInt(50);
        for (int step = 0; step < 600; step++) {
            OutboundMessage message = message(random, step);
            for (int i = 0; i < reals.size(); i++) {
                Real real = reals.get(i);
                Model model = models.get(i);
                real.now += OutboundBudget.PATIENCE;
                if (random.nextInt(same) > 0 || same == 1) {
                    real.outbox.offer(message);
                    model.offer(message);
                }
                if (random.nextInt(4) == 0) {
                    real.outbox.flush();
                    model.flush();
                }
                if (random.nextInt(200) == 0) {
                    real.reads();
                    model.reads();
                }
                assertThat(real.outbox.bytes()).isEqualTo(model.bytes());
            }
        }
        for (int i = 0; i < reals.size(); i++) {
            assertThat(reals.get(i).events).isEqualTo(models.get(i).events);
        }
    }

    private static OutboxLimits bounds(boolean dropsOldest) {
        return OutboxLimits.DEFAULT.overflow(dropsOldest ? Overflow.DROP_OLDEST : Overflow.DISCONNECT);
    }

    /** @param oneReads in one of so many steps the client reads */
    private static void compare(long seed, OutboxLimits bounds, int steps, int oneReads) {
        Random random = new Random(seed);
        Real real = new Real(bounds);
        Model model = new Model(bounds);
        for (int step = 0; step < steps; step++) {
            if (random.nextInt(oneReads) == 0) {
                real.reads();
                model.reads();
            } else {
                OutboundMessage message = message(random, step);
                real.outbox.offer(message);
                model.offer(message);
                if (random.nextInt(4) == 0) {
                    real.outbox.flush();
                    model.flush();
                }
            }
            assertThat(real.events).isEqualTo(model.events);
            assertThat(real.outbox.bytes()).isEqualTo(model.bytes());
        }
    }

    private static OutboundMessage message(Random random, int number) {
        int size = random.nextInt(20) == 0 ? 2000 : 1 + random.nextInt(200);
        byte[] content = new byte[size];
        content[0] = (byte) number;
        List<Frame> frames = List.of(Frame.binary(content));
        return switch (random.nextInt(8)) {
            case 0 -> OutboundMessage.control(frames);
            case 1, 2 -> OutboundMessage.reliable(frames);
            case 3 -> OutboundMessage.volatileMessage(frames, null);
            default -> OutboundMessage.volatileMessage(frames, "key " + random.nextInt(6));
        };
    }

    /** An outbox, and a client that reads one batch when it is told to. */
    private static final class Real implements Outbox.Owner {
        final List<Object> events = new ArrayList<>();
        final Outbox outbox;
        private Connection.@Nullable WriteListener writing;
        private long now;

        Real(OutboxLimits limits) {
            outbox = new Outbox(limits, new OutboundBudget(1 << 30), this);
            outbox.attach((batch, listener) -> {
                events.add(List.copyOf(batch));
                writing = listener;
                return false;
            });
        }

        void reads() {
            Connection.WriteListener current = writing;
            if (current != null) {
                writing = null;
                current.written();
            }
        }

        @Override
        public void overflowed() {
            events.add("overflow");
        }

        @Override
        public void crowdedOut() {
            throw new AssertionError("the node has room");
        }

        @Override
        public void writeFailed(Throwable cause) {
            throw new AssertionError(cause);
        }

        @Override
        public void broke(Throwable cause) {
            throw new AssertionError(cause);
        }

        @Override
        public void dropped(OutboundMessage message) {
            events.add(message);
        }

        @Override
        public InboundBudget.Share account() {
            return new InboundBudget(1 << 30, 1 << 20, () -> {}).share(InboundBudget.Use.UNREAD, "10.0.0.1");
        }

        @Override
        public long nanoTime() {
            return now;
        }
    }

    /** The same in plain words. */
    private static final class Model {
        final List<Object> events = new ArrayList<>();
        private final OutboxLimits bounds;
        private final List<OutboundMessage> waiting = new ArrayList<>();
        private int inFlight;
        private boolean writing;
        private boolean ended;

        Model(OutboxLimits bounds) {
            this.bounds = bounds;
        }

        void offer(OutboundMessage message) {
            if (ended) {
                return;
            }
            if (!writing && isFull(message)) {
                flush();
            }
            if (message.coalesceKey() != null) {
                waiting.removeIf(older -> message.coalesceKey().equals(older.coalesceKey()));
            }
            if (message.kind() != Kind.VOLATILE) {
                drop(Kind.VOLATILE, message);
                if (bounds.overflow() == Overflow.DROP_OLDEST) {
                    drop(Kind.RELIABLE, message);
                }
            }
            if (!isFull(message)) {
                waiting.add(message);
            } else if (message.kind() == Kind.VOLATILE) {
                events.add(message);
            } else {
                ended = true;
                waiting.clear();
                events.add("overflow");
            }
        }

        private boolean isFull(OutboundMessage message) {
            boolean crowded = bytes() + message.size() > bounds.maxBytes() || waiting.size() >= bounds.maxMessages();
            return crowded && (!waiting.isEmpty() || inFlight > 0);
        }

        private void drop(Kind kind, OutboundMessage message) {
            for (OutboundMessage older : List.copyOf(waiting)) {
                if (older.kind() == kind && isFull(message)) {
                    waiting.remove(older);
                    events.add(older);
                }
            }
        }

        void flush() {
            if (writing || waiting.isEmpty() || ended) {
                return;
            }
            List<Frame> batch = new ArrayList<>();
            inFlight = 0;
            for (OutboundMessage message : waiting) { // a batch is larger than this outbox
                batch.addAll(message.frames());
                inFlight += message.size();
            }
            waiting.clear();
            events.add(batch);
            writing = true;
        }

        void reads() {
            if (writing) {
                writing = false;
                inFlight = 0;
                flush();
            }
        }

        int bytes() {
            return waiting.stream().mapToInt(OutboundMessage::size).sum() + inFlight;
        }
    }
}
