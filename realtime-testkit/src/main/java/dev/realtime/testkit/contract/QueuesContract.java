package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.Waiting.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.Queues;
import dev.realtime.spi.Queues.Added;
import dev.realtime.spi.Queues.Bounds;
import dev.realtime.spi.Queues.Dropped;
import dev.realtime.spi.Queues.Item;
import dev.realtime.spi.Queues.Outcome;
import dev.realtime.spi.Queues.Page;
import dev.realtime.spi.Queues.Queued;
import dev.realtime.spi.Queues.Size;
import dev.realtime.spi.Queues.Taken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What all {@link Queues} must do. */
public abstract class QueuesContract {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Bounds AMPLE = new Bounds(1_000, 1 << 20, true);

    /** The queues under test. */
    protected abstract Queues queues();

    /** Lets this much time pass for the queues. */
    protected abstract void elapse(Duration time);

    /** How long a time of the contract lasts; see {@link BackendContract#lasting}. */
    protected Duration lasting(Duration time) {
        return time;
    }

    private Added put(String id, int rank, Bounds bounds) {
        return result(queues().put("mail", new Item(id, rank, "text of " + id, Duration.ZERO, HOUR), bounds));
    }

    private Added put(String id) {
        return put(id, 0, AMPLE);
    }

    private Added later(String id, int seconds) {
        Duration delay = lasting(Duration.ofSeconds(seconds));
        return result(queues().put("mail", new Item(id, 0, id, delay, delay.plus(HOUR)), AMPLE));
    }

    private List<String> all() {
        return ids(result(queues().list("mail", null, 1_000)).items());
    }

    private Taken take(int limit, String owner) {
        return result(queues().take("mail", limit, lasting(Duration.ofSeconds(10)), owner));
    }

    private List<String> taken(int limit, String owner) {
        return ids(take(limit, owner).items());
    }

    private static List<String> ids(List<Queued> items) {
        return items.stream().map(Queued::id).toList();
    }

    @Test
    void ofAQueueThatNobodyHasWrittenToNothingIsKnown() {
        assertThat(all()).isEmpty();
        assertThat(result(queues().size("mail")).items()).isZero();
        assertThat(take(10, "a").items()).isEmpty();
        assertThat(take(10, "a").next()).isNull();
        assertThat(result(queues().find("mail", List.of("x"))).items()).isEmpty();
        assertThat(result(queues().remove("mail", List.of("x"))).ids()).isEmpty();
        assertThat(result(queues().clear("mail")).items()).isZero();
    }

    @Test
    void anItemComesBackAsItWas() {
        Item item = new Item("{}: \u00fc", -3, "\u2013 \"{}\"\n\u0000 \ud83d\ude00", Duration.ZERO, HOUR);
        Added added = result(queues().put("mail}{ \u00e4", item, AMPLE));
        assertThat(added.outcome()).isEqualTo(Outcome.ADDED);
        assertThat(added.dropped()).isEmpty();
        Queued queued = result(queues().list("mail}{ \u00e4", null, 10)).items().get(0);
        assertThat(queued.id()).isEqualTo(item.id());
        assertThat(queued.rank()).isEqualTo(-3);
        assertThat(queued.text()).isEqualTo(item.text());
        assertThat(queued.due()).isEqualTo(added.due());
        assertThat(queued.end()).isEqualTo(queued.due().plus(HOUR));
        assertThat(result(queues().find("mail}{ \u00e4", List.of(item.id(), "other")))
                        .items())
                .containsExactly(queued);
        assertThat(result(queues().take("mail}{ \u00e4", 10, HOUR, "a")).items())
                .containsExactly(queued);
        assertThat(all()).as("in another queue").isEmpty();
    }

    @Test
    void anIdIsPutOnce() {
        Added first = put("x");
        Added again = result(queues().put("mail", new Item("x", 7, "other", HOUR, HOUR.plus(HOUR)), AMPLE));
        assertThat(again.outcome()).isEqualTo(Outcome.KNOWN);
        assertThat(again.due()).isEqualTo(first.due());
        Queued queued = result(queues().list("mail", null, 10)).items().get(0);
        assertThat(queued.text()).isEqualTo("text of x");
        assertThat(queued.rank()).isZero();
        assertThat(result(queues().size("mail")).items()).isEqualTo(1);
    }

    @Test
    void whatIsDueAtOneTimeStandsInTheOrderInWhichItCame() {
        List<String> expected = new ArrayList<>();
        List<CompletionStage<Added>> puts = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String id = (i % 2 == 0 ? "z" : "a") + i;
            expected.add(id);
            puts.add(queues().put("mail", new Item(id, 0, "t", Duration.ZERO, HOUR), AMPLE));
        }
        puts.forEach(Waiting::result);
        assertThat(all()).isEqualTo(expected);
        assertThat(taken(300, "a")).isEqualTo(expected);
    }

    @Test
    void whatIsDueLaterStandsBehind() {
        later("third", 30);
        later("second", 10);
        put("first");
        assertThat(all()).containsExactly("first", "second", "third");
        assertThat(ids(result(queues().find("mail", List.of("third", "first"))).items()))
                .containsExactly("first", "third");
    }

    @Test
    void aListIsReadPageByPage() {
        for (int i = 0; i < 25; i++) {
            put("id" + i);
        }
        List<String> read = new ArrayList<>();
        String after = null;
        for (Page page = result(queues().list("mail", null, 10));
                !page.items().isEmpty();
                page = result(queues().list("mail", after, 10))) {
            assertThat(page.items()).hasSizeLessThanOrEqualTo(10);
            read.addAll(ids(page.items()));
            after = page.items().get(page.items().size() - 1).place();
        }
        assertThat(read).isEqualTo(all()).hasSize(25);
    }

    @Test
    void theSizeCountsItemsAndBytes() {
        result(queues().put("mail", new Item("a", 0, "\u00fc1", Duration.ZERO, HOUR), AMPLE));
        result(queues().put("mail", new Item("b", 0, "1234", HOUR, HOUR.plus(HOUR)), AMPLE));
        Size size = result(queues().size("mail"));
        assertThat(size.items()).isEqualTo(2);
        assertThat(size.bytes()).isEqualTo(7);
        result(queues().remove("mail", List.of("b")));
        assertThat(result(queues().size("mail")).bytes()).isEqualTo(3);
    }

    @Test
    void inAFullQueueTheLeastImportantGoesAndOfThoseTheFirst() {
        Bounds three = new Bounds(3, 1 << 20, true);
        put("low1", 1, three);
        put("high", 3, three);
        put("low2", 1, three);
        Added added = put("normal", 2, three);
        assertThat(added.outcome()).isEqualTo(Outcome.ADDED);
        assertThat(added.dropped()).containsExactly(new Dropped("low1", 1));
        assertThat(put("low3", 1, three).dropped()).containsExactly(new Dropped("low2", 1));
        assertThat(put("higher", 4, three).dropped()).containsExactly(new Dropped("low3", 1));
        assertThat(all()).containsExactly("high", "normal", "higher");
    }

    @Test
    void whatIsLessImportantThanAllInAFullQueueIsRefused() {
        Bounds two = new Bounds(2, 1 << 20, true);
        put("a", 2, two);
        put("b", 2, two);
        Added refused = put("c", 1, two);
        assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(refused.due()).isNull();
        assertThat(refused.dropped()).isEmpty();
        assertThat(all()).containsExactly("a", "b");
        assertThat(put("a", 2, two).outcome()).as("what is there").isEqualTo(Outcome.KNOWN);
    }

    @Test
    void bytesAreBoundedToo() {
        Bounds tight = new Bounds(100, 30, true);
        for (String id : List.of("1", "2", "3")) {
            result(queues().put("mail", new Item(id, 0, "x".repeat(10), Duration.ZERO, HOUR), tight));
        }
        Added added = result(queues().put("mail", new Item("large", 0, "x".repeat(15), Duration.ZERO, HOUR), tight));
        assertThat(added.dropped()).containsExactly(new Dropped("1", 0), new Dropped("2", 0));
        assertThat(result(queues().size("mail")).bytes()).isEqualTo(25);
        Added huge = result(queues().put("mail", new Item("huge", 9, "x".repeat(31), Duration.ZERO, HOUR), tight));
        assertThat(huge.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(all()).containsExactly("3", "large");
    }

    @Test
    void nothingGoesForAnItemThatWouldNotFitWithoutAHigherRank() {
        Bounds tight = new Bounds(100, 30, true);
        result(queues().put("mail", new Item("low", 0, "x".repeat(10), Duration.ZERO, HOUR), tight));
        result(queues().put("mail", new Item("high", 5, "x".repeat(20), Duration.ZERO, HOUR), tight));
        Added refused = result(queues().put("mail", new Item("normal", 2, "x".repeat(20), Duration.ZERO, HOUR), tight));
        assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(all()).containsExactly("low", "high");
    }

    @Test
    void aQueueThatDropsNothingRefuses() {
        Bounds two = new Bounds(2, 1 << 20, false);
        put("a", 0, two);
        put("b", 0, two);
        assertThat(put("c", 9, two).outcome()).isEqualTo(Outcome.REFUSED);
        result(queues().remove("mail", List.of("a")));
        assertThat(put("c", 9, two).outcome()).isEqualTo(Outcome.ADDED);
        assertThat(all()).containsExactly("b", "c");
    }

    @Test
    void nothingIsTakenBeforeItIsDue() {
        put("now");
        Added due = later("later", 5);
        Taken first = take(10, "a");
        assertThat(ids(first.items())).containsExactly("now");
        assertThat(first.next()).isEqualTo(due.due());
        elapse(Duration.ofSeconds(6));
        Taken second = take(10, "a");
        assertThat(ids(second.items())).containsExactly("now", "later");
        assertThat(second.at()).isAfterOrEqualTo(due.due());
        assertThat(second.next()).isNull();
    }

    @Test
    void whatOneHasTakenNobodyElseTakes() {
        put("1");
        put("2");
        put("3");
        assertThat(taken(2, "a")).containsExactly("1", "2");
        Taken rest = take(10, "b");
        assertThat(ids(rest.items())).containsExactly("3");
        assertThat(rest.next()).as("the end of the lease").isAfter(rest.at());
        assertThat(take(10, "c").items()).isEmpty();
        assertThat(all()).as("is still there").containsExactly("1", "2", "3");
    }

    @Test
    void whoTakesTwiceHasNoMore() {
        put("1");
        put("2");
        put("3");
        Taken first = take(2, "a");
        assertThat(first.next()).as("there may be more").isEqualTo(first.at());
        assertThat(taken(2, "a")).containsExactly("1", "2");
        result(queues().remove("mail", List.of("1")));
        assertThat(taken(2, "a")).containsExactly("2", "3");
    }

    @Test
    void aLeaseThatIsOverIsForOthersAndTakingAgainExtendsIt() {
        put("1");
        assertThat(taken(1, "a")).containsExactly("1");
        elapse(Duration.ofSeconds(6));
        assertThat(taken(1, "a")).as("extended").containsExactly("1");
        elapse(Duration.ofSeconds(6));
        assertThat(taken(1, "b")).isEmpty();
        elapse(Duration.ofSeconds(6));
        assertThat(taken(1, "b")).containsExactly("1");
        assertThat(taken(1, "a")).isEmpty();
    }

    @Test
    void whatIsReleasedIsThereAtOnce() {
        put("1");
        put("2");
        take(2, "a");
        result(queues().release("mail", List.of("1", "unknown"), "a"));
        result(queues().release("mail", List.of("2"), "b"));
        assertThat(taken(2, "b")).containsExactly("1");
    }

    @Test
    void whatIsRemovedIsGoneWhoeverHoldsIt() {
        put("1");
        put("2");
        take(1, "a");
        assertThat(result(queues().remove("mail", List.of("1", "unknown"))).ids())
                .containsExactly("1");
        assertThat(result(queues().remove("mail", List.of("1"))).ids()).isEmpty();
        assertThat(all()).containsExactly("2");
        assertThat(taken(10, "b")).containsExactly("2");
        assertThat(put("1").outcome()).as("its id is free").isEqualTo(Outcome.ADDED);
    }

    @Test
    void whatIsRemovedAtItsPlaceIsTheVeryItemAndNotAnotherOfItsId() {
        put("1");
        put("2");
        List<String> places = take(2, "a").items().stream().map(Queued::place).toList();
        assertThat(result(queues().removeAt("mail", places)).ids()).containsExactly("1", "2");
        assertThat(result(queues().size("mail")).bytes()).isZero();
        put("1");
        assertThat(result(queues().removeAt("mail", places)).ids())
                .as("again, and nothing is where they stood")
                .isEmpty();
        assertThat(all()).containsExactly("1");
        assertThat(result(queues().removeAt("nothing", places)).ids()).isEmpty();
    }

    @Test
    void aQueueThatIsClearedTellsWhatItHad() {
        put("1");
        later("2", 100);
        Size size = result(queues().clear("mail"));
        assertThat(size.items()).isEqualTo(2);
        assertThat(all()).isEmpty();
        assertThat(put("1").outcome()).isEqualTo(Outcome.ADDED);
    }

    @Test
    void whatHasComeToItsEndIsGone() {
        Duration life = lasting(Duration.ofSeconds(10));
        Bounds two = new Bounds(2, 1 << 20, false);
        result(queues().put("mail", new Item("short", 0, "s", Duration.ZERO, life), two));
        put("long", 0, two);
        take(1, "a");
        elapse(Duration.ofSeconds(5));
        assertThat(all()).containsExactly("short", "long");
        elapse(Duration.ofSeconds(6));
        assertThat(all()).containsExactly("long");
        assertThat(result(queues().size("mail")).items()).isEqualTo(1);
        assertThat(put("next", 0, two).outcome()).as("there is room").isEqualTo(Outcome.ADDED);
        assertThat(taken(10, "a")).containsExactly("long", "next");
    }

    @Test
    void ofManyWhoTakeAtOnceEachHasItsOwn() {
        for (int i = 0; i < 100; i++) {
            put("id" + i);
        }
        List<CompletionStage<Taken>> takers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            takers.add(queues().take("mail", 10, HOUR, "owner" + i));
        }
        List<String> all = new ArrayList<>();
        takers.forEach(taker -> all.addAll(ids(result(taker).items())));
        assertThat(all).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    void everyAnswerTellsTheStoresClock() {
        Instant first = put("x").at();
        elapse(Duration.ofSeconds(10));
        Instant second = result(queues().size("mail")).at();
        assertThat(second)
                .isAfterOrEqualTo(first.plus(lasting(Duration.ofSeconds(10))).minusMillis(1));
        assertThat(result(queues().list("mail", null, 1)).at()).isAfterOrEqualTo(second);
        assertThat(result(queues().find("mail", List.of("x"))).at()).isAfterOrEqualTo(second);
        assertThat(result(queues().remove("mail", List.of("x"))).at()).isAfterOrEqualTo(second);
        assertThat(result(queues().clear("mail")).at()).isAfterOrEqualTo(second);
    }
}
