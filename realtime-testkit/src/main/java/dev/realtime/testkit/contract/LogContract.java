package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.Waiting.failure;
import static dev.realtime.testkit.contract.Waiting.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Position;
import dev.realtime.spi.EventData;
import dev.realtime.spi.EventTerms;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.Registration;
import dev.realtime.spi.Retention;
import dev.realtime.spi.Target;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every {@link Log} must do. */
public abstract class LogContract {
    private static final Retention AMPLE = new Retention(Duration.ofHours(1), 1_000_000, 1L << 30);
    /** A clock that is asked over the network, and tells milliseconds. */
    private static final long CLOCK_MILLIS = 2_000;

    /** A log of this name; another name is another log. Called again with the same name it gives the same log. */
    protected abstract Log log(String namespace, Retention retention);

    /** Lets this much time pass for the log. */
    protected abstract void elapse(Duration time);

    /** How long a time of the contract lasts; see {@link BackendContract#lasting}. */
    protected Duration lasting(Duration time) {
        return time;
    }

    @Test
    void appendingGivesPositionsThatStrictlyIncrease() {
        Log log = log("/order", AMPLE);
        Position previous = log.tail();
        for (int i = 0; i < 200; i++) {
            Position position = result(log.append(entry(i)));
            assertThat(position).isGreaterThan(previous);
            previous = position;
        }
    }

    @Test
    void theTailIsTheLastAppendedEntry() {
        Log log = log("/tail", AMPLE);
        Position before = log.tail();
        Position appended = result(log.append(entry(1)));
        assertThat(log.tail()).isEqualTo(appended).isGreaterThan(before);
    }

    @Test
    void logsOfTwoNamespacesDoNotMix() {
        Log chat = log("/chat", AMPLE);
        Log game = log("/game", AMPLE);
        Position chatStart = chat.tail();
        Position gameStart = game.tail();
        Position inChat = result(chat.append(entry(1)));
        Position inGame = result(game.append(entry(2)));
        assertThat(texts(result(chat.read(chatStart, inChat, 10)))).containsExactly("1");
        assertThat(texts(result(game.read(gameStart, inGame, 10)))).containsExactly("2");
    }

    @Test
    void everyKindOfEntryComesBackAsItWas() {
        Log log = log("/kinds", AMPLE);
        Position start = log.tail();
        Target target = new Target(Set.of("zone:a", "zone:b"), Set.of("user:c"), "node-1");
        List<LogEntry> entries = List.of(
                new LogEntry.Join(target, Set.of("zone:d")),
                new LogEntry.Leave(Target.EVERYBODY, Set.of("zone:e", "zone:f")),
                new LogEntry.Disconnect(target, true),
                new LogEntry.Disconnect(Target.EVERYBODY, false));
        entries.forEach(entry -> result(log.append(entry)));
        byte[] json = "[\"move\",{\"_placeholder\":true,\"num\":0},\"ü\"]".getBytes(StandardCharsets.UTF_8);
        byte[] binary = {0, 1, -1, 127, -128};
        Position end = result(log.append(new LogEntry.Emit(target, new EventData(json, List.of(binary)))));

        List<PlacedEntry> read = result(log.read(start, end, 10));

        assertThat(read.subList(0, 4)).extracting(PlacedEntry::entry).containsExactlyElementsOf(entries);
        LogEntry.Emit emit = (LogEntry.Emit) read.get(4).entry();
        assertThat(emit.target()).isEqualTo(target);
        assertThat(emit.event().json()).isEqualTo(json);
        assertThat(emit.event().attachments()).hasSize(1);
        assertThat(emit.event().attachments().get(0)).isEqualTo(binary);
    }

    @Test
    void anEntryIsDatedByTheLogsClockAndKeepsWhatIsSaidOfIt() {
        Log log = log("/terms", AMPLE);
        Position start = log.tail();
        EventTerms terms = new EventTerms(1_500, Map.of("traceparent", "00-ab-cd-01", "id", "7"));
        EventData event = new EventData("[\"e\"]".getBytes(StandardCharsets.UTF_8), List.of());
        long before = log.now();
        Position end = result(log.append(new LogEntry.Emit(Target.EVERYBODY, event, terms)));
        LogFollower follower = new LogFollower(true);
        Registration registration = log.follow(start, follower);
        PlacedEntry followed = follower.take(1).get(0);
        PlacedEntry read = result(log.read(start, end, 10)).get(0);
        for (PlacedEntry placed : List.of(followed, read)) {
            assertThat(((LogEntry.Emit) placed.entry()).terms()).isEqualTo(terms);
            assertThat(placed.at()).isBetween(before - CLOCK_MILLIS, log.now() + CLOCK_MILLIS);
        }
        assertThat(read.at()).isEqualTo(followed.at());
        registration.close();
    }

    @Test
    void aNoteStandsWhereItWasWrittenAndComesBackAsItWas() {
        Log log = log("/notes", AMPLE);
        Position start = log.tail();
        LogFollower follower = new LogFollower(true);
        Registration registration = log.follow(start, follower);
        List<LogEntry> entries = List.of(
                new LogEntry.Join(Target.EVERYBODY, Set.of("zone:a")),
                new LogEntry.Note("presence", "{\"who\":\"\\u0000 ü \uD83D\uDE00\"}"),
                new LogEntry.Note("other", ""),
                new LogEntry.Disconnect(Target.EVERYBODY, false));
        Position end = start;
        for (LogEntry entry : entries) {
            end = result(log.append(entry));
        }
        assertThat(follower.take(4)).extracting(PlacedEntry::entry).containsExactlyElementsOf(entries);
        assertThat(result(log.read(start, end, 10)))
                .extracting(PlacedEntry::entry)
                .containsExactlyElementsOf(entries);
        registration.close();
    }

    @Test
    void theBeginningIsWhereReadingGoesOn() {
        Log log = log("/beginning", AMPLE);
        Position start = log.tail();
        append(log, 10);
        Position tail = log.tail();
        Log.Beginning beginning = result(log.beginning(tail, 4));
        assertThat(beginning.after()).as("nothing was there before").isLessThanOrEqualTo(start);
        assertThat(texts(beginning.entries())).containsExactly("0", "1", "2", "3");
        assertThat(texts(result(log.read(beginning.through(), tail, 100))))
                .containsExactly("4", "5", "6", "7", "8", "9");
        assertThat(result(log.beginning(tail, 100)).through()).isGreaterThanOrEqualTo(tail);
        assertThat(result(log.beginning(start, 100)).entries()).isEmpty();
    }

    @Test
    void theBeginningOfALogThatHasForgottenLiesBehindWhatIsGone() {
        Log log = log("/forgotten", new Retention(Duration.ofHours(1), 100, 1L << 30));
        append(log, 5_000);
        Position tail = log.tail();
        Log.Beginning beginning = result(log.beginning(tail, 10_000));
        List<PlacedEntry> all = new ArrayList<>(beginning.entries());
        Position reached = beginning.through();
        while (reached.isBefore(tail)) {
            List<PlacedEntry> page = result(log.read(reached, tail, 10_000));
            all.addAll(page);
            reached = tail;
        }
        assertThat(all).hasSizeBetween(100, 4_999);
        assertThat(texts(all).get(all.size() - 1)).isEqualTo("4999");
        assertThat(all.get(0).position()).isGreaterThan(beginning.after());
        assertThat(texts(all)).isEqualTo(texts(result(log.read(beginning.after(), tail, 10_000))));
    }

    @Test
    void readingStopsAtItsBoundsAndItsLimit() {
        Log log = log("/bounds", AMPLE);
        List<Position> positions = append(log, 10);
        assertThat(texts(result(log.read(positions.get(2), positions.get(5), 100))))
                .as("behind the first, through the second bound")
                .containsExactly("3", "4", "5");
        assertThat(texts(result(log.read(positions.get(2), positions.get(8), 2))))
                .as("the oldest first")
                .containsExactly("3", "4");
        assertThat(result(log.read(positions.get(5), positions.get(5), 100))).isEmpty();
        assertThat(result(log.read(positions.get(9), positions.get(9), 100))).isEmpty();
    }

    @Test
    void aFollowerGetsEverythingBehindItsStartAndThenWhatComes() {
        Log log = log("/follow", AMPLE);
        List<Position> positions = append(log, 5);
        LogFollower follower = new LogFollower(true);
        try (Registration registration = log.follow(positions.get(1), follower)) {
            assertThat(texts(follower.take(3))).containsExactly("2", "3", "4");
            result(log.append(entry(5)));
            assertThat(texts(follower.take(1))).containsExactly("5");
            assertThat(registration).isNotNull();
        }
    }

    @Test
    void aFollowerHearsHowFarTheLogIs() {
        Log log = log("/progress", AMPLE);
        Log other = log("/progress-of-another", AMPLE);
        LogFollower follower = new LogFollower(true);
        log.follow(log.tail(), follower);
        append(log, 3);
        append(other, 3);
        Position tail = log.tail();
        assertThat(result(log.latest()).isBefore(tail)).isFalse();
        follower.awaitReached(tail);
        assertThat(follower.disorders()).isZero();
    }

    @Test
    void twoFollowersSeeTheSameOrder() throws Exception {
        Log log = log("/two", AMPLE);
        LogFollower one = new LogFollower(true);
        LogFollower other = new LogFollower(true);
        Position start = log.tail();
        Registration first = log.follow(start, one);
        Registration second = log.follow(start, other);
        concurrently(4, 250, (thread, i) -> result(log.append(entry(thread * 1000 + i))));
        assertThat(one.take(1000)).extracting(PlacedEntry::position).isEqualTo(positions(other.take(1000)));
        first.close();
        second.close();
    }

    @Test
    void aFollowerIsNotGivenMoreBeforeItIsDone() {
        Log log = log("/pressure", AMPLE);
        LogFollower follower = new LogFollower(false);
        Registration registration = log.follow(log.tail(), follower);
        result(log.append(entry(0)));
        assertThat(texts(follower.take(1))).containsExactly("0");

        append(log, 50);
        assertThat(follower.waiting()).as("while the first batch is open").isZero();

        follower.release();
        assertThat(follower.take(1)).hasSize(1);
        while (follower.waiting() > 0) {
            follower.take(1);
        }
        registration.close();
        assertThat(follower.overlaps()).isZero();
    }

    @Test
    void aFollowerThatAppendsAndIsReadyAtOnceGoesOnAsLongAsItLikes() {
        Log log = log("/chain", AMPLE);
        int length = 20_000;
        AtomicInteger seen = new AtomicInteger();
        LogFollower collector = new LogFollower(true);
        Registration registration = log.follow(log.tail(), (batch, through, done) -> {
            if (seen.addAndGet(batch.size()) < length) {
                var unused = log.append(entry(seen.get()));
            }
            collector.entries(batch, through, () -> {});
            done.run();
        });
        result(log.append(entry(0)));
        assertThat(collector.take(length)).hasSize(length);
        registration.close();
    }

    @Test
    void aClosedFollowerGetsNothingMore() {
        Log log = log("/closed", AMPLE);
        LogFollower follower = new LogFollower(true);
        Registration registration = log.follow(log.tail(), follower);
        result(log.append(entry(0)));
        follower.take(1);
        registration.close();
        registration.close();
        LogFollower witness = new LogFollower(true);
        Registration still = log.follow(log.tail(), witness);
        append(log, 10);
        witness.take(10);
        still.close();
        assertThat(follower.waiting()).isZero();
    }

    @Test
    void manyAppendersLoseNothingAndEachKeepsItsOwnOrder() throws Exception {
        Log log = log("/many", AMPLE);
        Position start = log.tail();
        LogFollower follower = new LogFollower(true);
        Registration registration = log.follow(start, follower);
        int threads = 8;
        int each = 500;
        Set<Position> given = ConcurrentHashMap.newKeySet();
        concurrently(threads, each, (thread, i) -> given.add(result(log.append(entry(thread * each + i)))));

        List<PlacedEntry> seen = follower.take(threads * each);
        registration.close();

        assertThat(positions(seen))
                .isSortedAccordingTo(Comparator.naturalOrder())
                .doesNotHaveDuplicates();
        assertThat(positions(seen)).containsExactlyInAnyOrderElementsOf(given);
        List<Integer> numbers = texts(seen).stream().map(Integer::valueOf).toList();
        for (int thread = 0; thread < threads; thread++) {
            int from = thread * each;
            assertThat(numbers.stream().filter(number -> number >= from && number < from + each))
                    .as("thread %s", thread)
                    .isSorted()
                    .hasSize(each);
        }
        assertThat(follower.overlaps()).as("calls at the same time").isZero();
        assertThat(texts(result(log.read(start, log.tail(), threads * each)))).isEqualTo(texts(seen));
    }

    @Test
    void entriesBeyondTheAgeAreForgottenAndTheLogSaysSo() {
        Log log = log("/age", new Retention(lasting(Duration.ofSeconds(10)), 1_000_000, 1L << 30));
        Position start = log.tail();
        Position old = result(log.append(entry(0)));
        elapse(Duration.ofSeconds(5));
        assertThat(texts(result(log.read(start, log.tail(), 10))))
                .as("within the age")
                .containsExactly("0");
        elapse(Duration.ofSeconds(30));
        Position young = result(log.append(entry(1)));
        assertThat(failure(log.read(start, young, 10))).isInstanceOf(Log.TrimmedException.class);
        assertThat(texts(result(log.read(old, young, 10)))).containsExactly("1");
    }

    @Test
    void entriesBeyondTheCountAreForgottenAndTheLogSaysSo() {
        Log log = log("/count", new Retention(Duration.ofHours(1), 100, 1L << 30));
        Position start = log.tail();
        List<Position> positions = append(log, 5_000);
        assertThat(failure(log.read(start, log.tail(), 10))).isInstanceOf(Log.TrimmedException.class);
        assertThat(texts(result(log.read(positions.get(4_899), log.tail(), 1_000))))
                .as("what must be kept")
                .hasSize(100)
                .first()
                .isEqualTo("4900");
    }

    @Test
    void entriesBeyondTheBytesAreForgottenAndTheLogSaysSo() {
        Log log = log("/bytes", new Retention(Duration.ofHours(1), 1_000_000, 100_000));
        Position start = log.tail();
        Position last = start;
        for (int i = 0; i < 100; i++) {
            EventData large =
                    new EventData(("[\"" + "x".repeat(9_996) + "\"]").getBytes(StandardCharsets.UTF_8), List.of());
            last = result(log.append(new LogEntry.Emit(Target.EVERYBODY, large)));
        }
        Position end = last;
        Throwable failure = Waiting.eventualFailure(() -> log.read(start, end, 10));
        assertThat(failure).isInstanceOf(Log.TrimmedException.class);
    }

    @Test
    void aFollowerThatIsSlowerThanTheRetentionStillGetsEverything() {
        Log log = log("/slow", new Retention(lasting(Duration.ofSeconds(10)), 10, 1L << 30));
        LogFollower follower = new LogFollower(false);
        Registration registration = log.follow(log.tail(), follower);
        result(log.append(entry(0)));
        follower.take(1);
        append(log, 100);
        elapse(Duration.ofSeconds(60));
        append(log, 1);
        List<PlacedEntry> seen = new ArrayList<>();
        while (seen.size() < 101) {
            follower.release();
            seen.addAll(follower.take(1));
            while (follower.waiting() > 0) {
                seen.addAll(follower.take(1));
            }
        }
        registration.close();
        assertThat(positions(seen))
                .isSortedAccordingTo(Comparator.naturalOrder())
                .doesNotHaveDuplicates();
    }

    @Test
    void whatIsUnderWayWhenTheLogIsClosedStillHasAResult() {
        Log log = log("/closing", AMPLE);
        List<CompletionStage<?>> underWay = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            underWay.add(log.append(entry(i)));
        }
        log.close();
        underWay.add(log.append(entry(1_000)));
        Waiting.outcomes(underWay);
    }

    @Test
    void anEntryWithAnIdIsAppendedOnce() {
        Log log = log("/once", AMPLE);
        Position start = log.tail();
        Duration hour = Duration.ofHours(1);
        result(log.append(entry(0)));
        Log.Once first = result(log.appendOnce("id \u00fc {}", entry(1), hour));
        Log.Once again = result(log.appendOnce("id \u00fc {}", entry(2), hour));
        Log.Once other = result(log.appendOnce("other", entry(3), hour));
        Position end = result(log.append(entry(4)));
        assertThat(first.isNew()).isTrue();
        assertThat(again).isEqualTo(new Log.Once(false, first.position()));
        assertThat(other.isNew()).isTrue();
        List<PlacedEntry> read = result(log.read(start, end, 10));
        assertThat(texts(read)).containsExactly("0", "1", "3", "4");
        assertThat(read.get(1).position()).isEqualTo(first.position());
        assertThat(read.get(2).position()).isEqualTo(other.position());
        Log elsewhere = log("/once-elsewhere", AMPLE);
        assertThat(result(elsewhere.appendOnce("other", entry(5), hour)).isNew())
                .as("in another log")
                .isTrue();
    }

    @Test
    void entriesWithAnIdStandAmongThoseOfTheirThread() {
        Log log = log("/once-order", AMPLE);
        LogFollower follower = new LogFollower(true);
        Registration registration = log.follow(log.tail(), follower);
        List<String> expected = new ArrayList<>();
        List<CompletionStage<?>> appends = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            if (i % 3 == 2) {
                appends.add(log.appendOnce("id" + i / 6, entry(i), Duration.ofHours(1)));
                if (i % 6 == 2) {
                    expected.add(String.valueOf(i));
                }
            } else {
                appends.add(log.append(entry(i)));
                expected.add(String.valueOf(i));
            }
        }
        appends.forEach(Waiting::result);
        assertThat(texts(follower.take(expected.size()))).isEqualTo(expected);
        registration.close();
    }

    @Test
    void ofManyWhoAppendUnderOneIdOneDoes() throws Exception {
        Log log = log("/once-many", AMPLE);
        Position start = log.tail();
        Set<Position> given = ConcurrentHashMap.newKeySet();
        AtomicInteger first = new AtomicInteger();
        concurrently(8, 50, (thread, i) -> {
            Log.Once once = result(log.appendOnce("id" + i, entry(i), Duration.ofHours(1)));
            first.addAndGet(once.isNew() ? 1 : 0);
            given.add(once.position());
        });
        assertThat(first).hasValue(50);
        assertThat(given).hasSize(50);
        assertThat(positions(result(log.read(start, log.tail(), 1_000)))).containsExactlyInAnyOrderElementsOf(given);
    }

    @Test
    void anIdIsForgottenAfterItsTime() {
        Log log = log("/once-forgotten", AMPLE);
        Duration remembered = lasting(Duration.ofSeconds(10));
        Position first = result(log.appendOnce("id", entry(1), remembered)).position();
        elapse(Duration.ofSeconds(5));
        assertThat(result(log.appendOnce("id", entry(2), remembered)).isNew()).isFalse();
        elapse(Duration.ofSeconds(15));
        Log.Once later = result(log.appendOnce("id", entry(3), remembered));
        assertThat(later.isNew()).isTrue();
        assertThat(later.position()).isGreaterThan(first);
    }

    @Test
    void underAForbiddenIdNothingIsAppended() {
        Log log = log("/forbidden", AMPLE);
        Position start = log.tail();
        Duration hour = Duration.ofHours(1);
        assertThat(result(log.forbid("id", hour))).isEqualTo(new Log.Once(true, null));
        assertThat(result(log.forbid("id", hour))).isEqualTo(new Log.Once(false, null));
        assertThat(result(log.appendOnce("id", entry(1), hour))).isEqualTo(new Log.Once(false, null));
        Position there = result(log.appendOnce("there", entry(2), hour)).position();
        assertThat(result(log.forbid("there", hour))).isEqualTo(new Log.Once(false, there));
        assertThat(texts(result(log.read(start, log.tail(), 10)))).containsExactly("2");
    }

    private static List<Position> append(Log log, int count) {
        List<Position> positions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            positions.add(result(log.append(entry(i))));
        }
        return positions;
    }

    private static LogEntry entry(int number) {
        byte[] json = ("[\"" + number + "\"]").getBytes(StandardCharsets.UTF_8);
        return new LogEntry.Emit(Target.EVERYBODY, new EventData(json, List.of()));
    }

    private static List<String> texts(List<PlacedEntry> entries) {
        return entries.stream()
                .map(placed ->
                        new String(((LogEntry.Emit) placed.entry()).event().json(), StandardCharsets.UTF_8))
                .map(json -> json.substring(2, json.length() - 2))
                .toList();
    }

    private static List<Position> positions(List<PlacedEntry> entries) {
        return entries.stream().map(PlacedEntry::position).toList();
    }

    private static void concurrently(int threads, int each, Step step) throws InterruptedException {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        List<Thread> all = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int number = thread;
            Thread runner = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    step.run(number, i);
                }
            });
            runner.setUncaughtExceptionHandler((t, failure) -> failures.add(failure));
            all.add(runner);
        }
        all.forEach(Thread::start);
        for (Thread runner : all) {
            runner.join();
        }
        assertThat(failures).isEmpty();
    }

    @FunctionalInterface
    private interface Step {
        void run(int thread, int i);
    }
}
