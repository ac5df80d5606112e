package dev.realtime.internal.fanout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Position;
import dev.realtime.Recovery;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.rooms.Member;
import dev.realtime.internal.rooms.Membership;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Target;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The window beside a list of everything that ever came. */
class ReplayWindowTest {
    private static final Member ANYBODY = new Member() {
        @Override
        public String id() {
            return "anybody";
        }

        @Override
        public boolean wasIn(String room, @Nullable Position position) {
            return true;
        }

        @Override
        public void entered(Membership<?> membership) {}
    };

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final List<String> ROOMS = List.of("a", "b", "c", "d");

    private record Came(Delivery delivery, long nanos) {}

    @Property(tries = 200)
    void holdsExactlyWhatItsBoundsAllow(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 5_000) int entries,
            @ForAll @IntRange(min = 1, max = 600_000) int bytes) {
        Random random = new Random(seed);
        Recovery recovery = Recovery.within(MINUTE).maxEntries(entries).maxBytes(bytes);
        ReplayWindow window = new ReplayWindow(recovery, MINUTE.toNanos(), Position.START);
        List<Came> all = new ArrayList<>();
        long now = random.nextLong() / 2;
        int kept = 0; // from here on
        for (int i = 1, count = random.nextInt(6_000); i <= count; i++) {
            now += random.nextInt(40_000_000);
            Came came = new Came(delivery(random, i), now);
            all.add(came);
            window.add(came.delivery, now);
            kept = trim(all, kept, recovery, now);
            if (random.nextInt(count) < 6) {
                compare(window, all, kept, random);
            }
        }
        now += random.nextInt(2) * MINUTE.toNanos();
        window.trim(now);
        compare(window, all, trim(all, kept, recovery, now), random);
    }

    private static int trim(List<Came> all, int from, Recovery recovery, long now) {
        int kept = from;
        long size = all.subList(kept, all.size()).stream()
                .mapToLong(came -> came.delivery.event().size())
                .sum();
        while (kept < all.size()
                && (now - all.get(kept).nanos > MINUTE.toNanos()
                        || all.size() - kept > recovery.maxEntries()
                        || size > recovery.maxBytes())) {
            size -= all.get(kept++).delivery.event().size();
        }
        return kept;
    }

    private static void compare(ReplayWindow window, List<Came> all, int kept, Random random) {
        assertThat(window.bytes())
                .isEqualTo(all.subList(kept, all.size()).stream()
                        .mapToLong(came -> came.delivery.event().size())
                        .sum());
        Position forgotten =
                kept == 0 ? Position.START : all.get(kept - 1).delivery.position();
        assertThat(window.behind(forgotten, forgotten, 0, ROOMS, 1, 1)).isNotNull();
        if (kept > 0) {
            Position before = new Position(forgotten.time(), forgotten.sequence() - 1);
            assertThat(window.behind(before, forgotten, 0, ROOMS, 1, 1)).isNull();
        }
        List<String> rooms = ROOMS.subList(random.nextInt(3), 3);
        long now = random.nextInt(100);
        int from = kept + random.nextInt(all.size() - kept + 1);
        Position after = from == 0 ? Position.START : all.get(from - 1).delivery.position();
        List<Delivery> expected = all.subList(from, all.size()).stream()
                .map(Came::delivery)
                .filter(delivery -> concerns(delivery.target(), rooms) && delivery.expiry() > now)
                .toList();
        List<Delivery> found = all(window, after, now, rooms, 1 + random.nextInt(300), 1 + random.nextInt(20_000));
        assertThat(found).extracting(Delivery::position).isEqualTo(positions(expected));
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).target()).isEqualTo(expected.get(i).target());
            assertThat(text(found.get(i))).isEqualTo(text(expected.get(i)));
            assertThat(found.get(i).event().attachments())
                    .isEqualTo(expected.get(i).event().attachments());
        }
    }

    /** Portion by portion. */
    private static List<Delivery> all(
            ReplayWindow window, Position after, long now, List<String> rooms, int most, int mostBytes) {
        List<Delivery> all = new ArrayList<>();
        Position reached = after;
        ReplayBatch portion;
        do {
            portion = window.behind(reached, Position.END, now, rooms, most, mostBytes);
            assertThat(portion).isNotNull();
            assertThat(portion.deliveries()).hasSizeLessThanOrEqualTo(most);
            assertThat(portion.deliveries().size() < 2
                            || portion.deliveries().stream()
                                            .mapToInt(
                                                    delivery -> delivery.event().size())
                                            .sum()
                                    <= mostBytes)
                    .isTrue();
            assertThat(portion.complete() || portion.through().isAfter(reached)).isTrue();
            all.addAll(portion.deliveries());
            reached = portion.through();
        } while (!portion.complete());
        return all;
    }

    private static List<Position> positions(List<Delivery> deliveries) {
        return deliveries.stream().map(Delivery::position).toList();
    }

    private static boolean concerns(Target target, List<String> rooms) {
        return target.rooms().isEmpty() || rooms.stream().anyMatch(target.rooms()::contains);
    }

    private static String text(Delivery delivery) {
        return new String(delivery.event().json(), UTF_8);
    }

    private static Delivery delivery(Random random, int number) {
        Set<String> rooms = new LinkedHashSet<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            rooms.add(ROOMS.get(random.nextInt(ROOMS.size())));
        }
        Set<String> except = random.nextInt(5) == 0 ? Set.of("x") : Set.of();
        String json = "[\"e\"," + number + ",\"" + "x".repeat(random.nextInt(200)) + "\"]";
        List<byte[]> attachments = random.nextInt(20) == 0 ? List.of(new byte[] {(byte) number}) : List.of();
        EventData event = new EventData(json.getBytes(UTF_8), attachments);
        return new Delivery(
                new Position(7, number),
                new Target(rooms, except, null),
                event,
                random.nextInt(4) == 0 ? random.nextInt(100) : Delivery.NEVER);
    }

    @Test
    void anEventThatIsLargerThanAStretchIsReplayedToo() {
        ReplayWindow window = new ReplayWindow(Recovery.within(MINUTE), MINUTE.toNanos(), Position.START);
        List<String> texts = Stream.of(10, 1 << 20, 20, 300_000, 30)
                .map(length -> "[\"" + "y".repeat(length) + "\"]")
                .toList();
        for (int i = 0; i < texts.size(); i++) {
            EventData event = new EventData(texts.get(i).getBytes(UTF_8), List.of());
            window.add(new Delivery(new Position(1, i + 1), Target.EVERYBODY, event, Delivery.NEVER), 0);
        }
        assertThat(all(window, Position.START, 0, List.of(), 2, 100_000))
                .extracting(ReplayWindowTest::text)
                .isEqualTo(texts);
    }

    @Test
    void whatIsReplayedIsSharedWhileItIsHeldAndNotKeptBehindThat() {
        ReplayWindow window = new ReplayWindow(Recovery.within(MINUTE), MINUTE.toNanos(), Position.START);
        EventData event = new EventData(("[\"" + "y".repeat(1_000) + "\"]").getBytes(UTF_8), List.of());
        window.add(new Delivery(new Position(1, 1), Target.EVERYBODY, event, Delivery.NEVER), 0);
        OutboundMessage first = replayed(window);
        assertThat(replayed(window)).isSameAs(first);
        WeakReference<OutboundMessage> held = new WeakReference<>(first);
        first = null;
        for (int i = 0; i < 50 && held.get() != null; i++) {
            System.gc();
        }
        assertThat(held.get()).as("a second copy of the window").isNull();
        assertThat(replayed(window).size()).isGreaterThan(1_000);
    }

    private static OutboundMessage replayed(ReplayWindow window) {
        return all(window, Position.START, 0, List.of(), 2, 100_000)
                .get(0)
                .message(ANYBODY, new EventMessages(PacketEncoder.of("/"), true, null));
    }

    /** The names of a large audience cost more than most events; they count, or a few entries would fill the heap. */
    @Test
    void largeAudiencesCountAgainstTheBytes() {
        Recovery recovery = Recovery.within(MINUTE).maxBytes(1 << 20);
        ReplayWindow window = new ReplayWindow(recovery, MINUTE.toNanos(), Position.START);
        Set<String> rooms = new LinkedHashSet<>();
        for (int i = 0; i < 1_000; i++) {
            rooms.add("zone:" + i);
        }
        for (int i = 1; i <= 100; i++) {
            EventData event = new EventData("[]".getBytes(UTF_8), List.of());
            window.add(new Delivery(new Position(7, i), new Target(rooms, Set.of(), null), event, Delivery.NEVER), 0);
        }
        assertThat(window.forgotten()).isEqualTo(new Position(7, 95));
        assertThat(all(window, window.forgotten(), 0, List.of("zone:7"), 10, 1_000))
                .hasSize(5);
    }

    @Property(tries = 50)
    void keepsNoMoreThanItsBytesWhateverTheEventsAreMadeOf(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 3 << 20) int bytes) throws IllegalAccessException {
        Random random = new Random(seed);
        ReplayWindow window =
                new ReplayWindow(Recovery.within(MINUTE).maxBytes(bytes), MINUTE.toNanos(), Position.START);
        int[] largest =
                IntStream.range(0, 3).map(kind -> 1 << random.nextInt(18)).toArray();
        int count = 1 + random.nextInt(1_500);
        for (int i = 1; i <= count; i++) {
            window.add(large(random, i, largest), 0);
            if (random.nextInt(count) < 4 || i == count) {
                assertThat(reachableBytes(window)).isLessThanOrEqualTo(bytes + (512L << 10));
            }
        }
        window.trim(2 * MINUTE.toNanos());
        assertThat(reachableBytes(window)).as("nothing of it is recent").isLessThanOrEqualTo(512L << 10);
    }

    /** @param largest of texts, of attachments, and of parts */
    private static Delivery large(Random random, int number, int[] largest) {
        Position position = new Position(7, number);
        if (random.nextInt(3) == 0) {
            List<PartedEvent.Part> parts = new ArrayList<>();
            for (int i = random.nextInt(20); i >= 0; i--) {
                parts.add(new PartedEvent.Part("room" + i, new byte[random.nextInt(largest[2])]));
            }
            return new Delivery(position, new PartedEvent("\"e\"", parts, 1 << 30));
        }
        List<byte[]> attachments = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            attachments.add(new byte[random.nextInt(largest[1])]);
        }
        return new Delivery(
                position,
                Target.EVERYBODY,
                new EventData(new byte[random.nextInt(largest[0])], attachments),
                Delivery.NEVER);
    }

    /** Of all arrays of bytes that the window leads to. */
    private static long reachableBytes(ReplayWindow window) throws IllegalAccessException {
        Set<Object> met = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> waiting = new ArrayDeque<>(List.of(window));
        long bytes = 0;
        for (Object one; (one = waiting.poll()) != null; ) {
            if (!met.add(one)) {
                continue;
            }
            if (one instanceof byte[] array) {
                bytes += array.length;
            } else if (one instanceof Object[] array) {
                Stream.of(array).filter(Objects::nonNull).forEach(waiting::add);
            } else if (one instanceof Map<?, ?> map) {
                waiting.addAll(map.values());
            } else if (one instanceof Collection<?> some) {
                waiting.addAll(some);
            } else if (one.getClass().getName().startsWith("dev.realtime.")) {
                for (Field field : one.getClass().getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers())
                            && !field.getType().isPrimitive()) {
                        field.setAccessible(true);
                        Object value = field.get(one);
                        waiting.addAll(value == null ? List.of() : List.of(value));
                    }
                }
            }
        }
        return bytes;
    }

    @Test
    void whatWasThereBeforeIsTheOlderHalfUntilTheWindowForgets() {
        Recovery recovery = Recovery.within(MINUTE).maxEntries(100);
        Position joint = new Position(7, 60);
        ReplayWindow window = new ReplayWindow(recovery, MINUTE.toNanos(), joint);
        ReplayWindow past = new ReplayWindow(recovery, MINUTE.toNanos(), new Position(7, 10));
        Random random = new Random(7);
        List<Delivery> all = new ArrayList<>();
        for (int i = 11; i <= 90; i++) {
            all.add(delivery(random, i));
            (i <= 60 ? past : window).add(all.get(i - 11), 0);
        }
        assertThat(window.behind(new Position(7, 59), Position.END, 0, ROOMS, 100, 100_000))
                .isNull();
        window.attach(past, joint, 0);
        for (int from = 10; from <= 90; from += 5) {
            assertThat(positions(all(window, new Position(7, from), 0, ROOMS, 7, 100_000)))
                    .isEqualTo(positions(all.subList(from - 10, all.size())));
        }
        for (int i = 91; i <= 130; i++) { // makes room from the older half first
            window.add(delivery(random, i), 0);
        }
        assertThat(window.forgotten()).isEqualTo(new Position(7, 30));
        for (int i = 131; i <= 170; i++) {
            window.add(delivery(random, i), 0);
        }
        assertThat(window.forgotten()).isEqualTo(new Position(7, 70));
    }

    @Test
    void whoResumesSharesTheFrames() {
        ReplayWindow window = new ReplayWindow(Recovery.within(MINUTE), MINUTE.toNanos(), Position.START);
        EventMessages messages = new EventMessages(PacketEncoder.of("/"), true, null);
        for (int i = 1; i <= 10; i++) {
            window.add(delivery(new Random(i), i), 0);
        }
        List<Delivery> one = all(window, Position.START, 0, ROOMS, 3, 100);
        List<Delivery> other = all(window, new Position(7, 5), 0, ROOMS, 100, 10_000);
        assertThat(other).hasSizeGreaterThan(2);
        assertThat(positions(other)).isEqualTo(positions(one.subList(one.size() - other.size(), one.size())));
        assertThat(other.get(0).message(ANYBODY, messages))
                .isSameAs(one.get(one.size() - other.size()).message(ANYBODY, messages));
    }
}
