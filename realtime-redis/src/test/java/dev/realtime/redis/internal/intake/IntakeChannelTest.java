package dev.realtime.redis.internal.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.JsonCodec.DecodeException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A channel takes what it may, drops the rest by name, and handles what it took in order. */
class IntakeChannelTest {
    private static final IntakeChannel.Bounds BOUNDS = new IntakeChannel.Bounds(10, 1_000, 100, 500);
    private static final long SECOND = 1_000_000_000;

    private final IntakeCounters counters = new IntakeCounters();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<String> handled = new ArrayList<>();
    private long now;

    private IntakeChannel channel(IntakeChannel.Bounds bounds, IntakeChannel.Handler handler) {
        return new IntakeChannel(
                "game:news", bounds, handler, tasks::add, counters, new BoundedLog(() -> now), () -> now);
    }

    private IntakeChannel channel(IntakeChannel.Bounds bounds) {
        return channel(bounds, message -> handled.add(new String(message.payload(), UTF_8)));
    }

    private static void say(IntakeChannel channel, String text) {
        channel.heard(text.getBytes(UTF_8));
    }

    private void runAll() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    @Test
    void messagesAreHandledInOrderAndNotByWhoHears() {
        IntakeChannel channel = channel(BOUNDS);
        List<String> said = IntStream.range(0, 100).mapToObj(i -> "m" + i).toList();
        said.forEach(text -> say(channel, text));
        assertThat(handled).isEmpty();
        assertThat(tasks).as("one task at a time").hasSize(1);
        assertThat(channel.isIdle()).isFalse();
        runAll();
        assertThat(handled).isEqualTo(said);
        assertThat(channel.isIdle()).isTrue();
        assertThat(counters.get(IntakeCount.HANDLED)).isEqualTo(100);
    }

    @Test
    void aLargeMessageIsDropped() {
        IntakeChannel channel = channel(BOUNDS);
        say(channel, "0123456789");
        say(channel, "01234567890");
        runAll();
        assertThat(handled).containsExactly("0123456789");
        assertThat(counters.get(IntakeCount.TOO_LARGE)).isEqualTo(1);
    }

    @Test
    void moreThanTheRateIsDropped() {
        IntakeChannel channel = channel(new IntakeChannel.Bounds(10, 2, 100, 500));
        for (String text : List.of("a", "b", "c")) {
            say(channel, text);
        }
        now += SECOND;
        say(channel, "d");
        runAll();
        assertThat(handled).containsExactly("a", "b", "d");
        assertThat(counters.get(IntakeCount.TOO_MANY)).isEqualTo(1);
    }

    @Test
    void whatFindsNoRoomIsDroppedByNumberAndByBytes() {
        IntakeChannel few = channel(new IntakeChannel.Bounds(10, 1_000, 2, 500));
        IntakeChannel small = channel(new IntakeChannel.Bounds(10, 1_000, 100, 12));
        for (int i = 0; i < 3; i++) {
            say(few, "f" + i);
            say(small, "s" + i + "xxx"); // five bytes each
        }
        runAll();
        assertThat(handled).containsExactlyInAnyOrder("f0", "f1", "s0xxx", "s1xxx");
        assertThat(counters.get(IntakeCount.QUEUE_FULL)).isEqualTo(2);
        say(few, "again");
        say(small, "there");
        runAll();
        assertThat(handled).contains("again", "there");
    }

    @Test
    void whatHasWaitedTooLongIsDropped() {
        IntakeChannel channel = channel(BOUNDS);
        say(channel, "old");
        now += IntakeChannel.MOST_AGE.toNanos() + 1;
        say(channel, "new");
        runAll();
        assertThat(handled).containsExactly("new");
        assertThat(counters.get(IntakeCount.TOO_LATE)).isEqualTo(1);
    }

    @Test
    void aHandlerThatFailsHoldsNobodyUpAndItsLinesAreBounded() {
        IntakeChannel channel = channel(BOUNDS, message -> {
            String text = new String(message.payload(), UTF_8);
            switch (text) {
                case "bad" -> throw new DecodeException("no\nsuch\u001b[31m payload");
                case "error" -> throw new StackOverflowError();
                case "checked" -> throw new java.io.IOException("gone");
                default -> handled.add(text);
            }
        });
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, UTF_8));
        try {
            for (int i = 0; i < 30; i++) {
                say(channel, "bad");
                say(channel, "error");
                say(channel, "checked");
            }
            say(channel, "fine");
            runAll();
        } finally {
            System.setErr(before);
        }
        assertThat(handled).containsExactly("fine");
        assertThat(counters.get(IntakeCount.INVALID)).isEqualTo(30);
        assertThat(counters.get(IntakeCount.FAILED)).isEqualTo(60);
        assertThat(log.toString(UTF_8)).contains("no?such?[31m payload").doesNotContain("\u001b");
        assertThat(log.toString(UTF_8).lines().filter(line -> line.contains("game:news")))
                .hasSizeLessThanOrEqualTo(2 * BoundedLog.DEFAULT_LINES);
    }

    @Test
    void aMessageIsHeardWhileAHandlerRuns() {
        List<IntakeChannel> itself = new ArrayList<>();
        IntakeChannel channel = channel(BOUNDS, message -> {
            String text = new String(message.payload(), UTF_8);
            if (text.equals("first")) {
                say(itself.get(0), "second"); // no lock is held that this would need
            }
            handled.add(text);
        });
        itself.add(channel);
        say(channel, "first");
        runAll();
        assertThat(handled).containsExactly("first", "second");
    }

    @Test
    void anExecutorThatRefusesOnceDoesNotEndTheChannel() {
        List<Boolean> refuse = new ArrayList<>(List.of(true));
        IntakeChannel channel = new IntakeChannel(
                "game:news",
                BOUNDS,
                message -> handled.add(new String(message.payload(), UTF_8)),
                task -> {
                    if (!refuse.isEmpty()) {
                        refuse.clear();
                        throw new RejectedExecutionException("busy");
                    }
                    tasks.add(task);
                },
                counters,
                new BoundedLog(() -> now),
                () -> now);
        say(channel, "one");
        say(channel, "two");
        runAll();
        assertThat(handled).containsExactly("one", "two");
    }

    @Test
    void aHandlerDoesNotWaitForItself() {
        List<IntakeChannel> itself = new ArrayList<>();
        List<Boolean> idle = new ArrayList<>();
        IntakeChannel channel =
                channel(BOUNDS, message -> idle.add(itself.get(0).isIdle()));
        itself.add(channel);
        say(channel, "one");
        assertThat(channel.isIdle()).isFalse();
        runAll();
        assertThat(idle).containsExactly(true);
    }

    @Test
    void nothingIsHandledOnceItIsClosed() {
        List<IntakeChannel> itself = new ArrayList<>();
        IntakeChannel channel = channel(BOUNDS, message -> {
            handled.add(new String(message.payload(), UTF_8));
            itself.get(0).close(); // while a handler runs, as when it is slow
        });
        itself.add(channel);
        List.of("one", "two", "three").forEach(text -> say(channel, text));
        runAll();
        say(channel, "late");
        runAll();
        assertThat(handled).containsExactly("one");
        assertThat(channel.isIdle()).isTrue();
        assertThat(counters.get(IntakeCount.CLOSED)).isEqualTo(3);
    }
}
