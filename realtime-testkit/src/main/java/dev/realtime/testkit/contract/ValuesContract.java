package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.Waiting.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.Values;
import dev.realtime.spi.Values.Value;
import dev.realtime.spi.Values.Written;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What all {@link Values} must do. */
public abstract class ValuesContract {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** The values under test. */
    protected abstract Values values();

    /** Lets this much time pass for the values. */
    protected abstract void elapse(Duration time);

    /** How long a time of the contract lasts; see {@link BackendContract#lasting}. */
    protected Duration lasting(Duration time) {
        return time;
    }

    private Value written(String name, long expected, String text) {
        Written written = result(values().put(name, expected, text, MINUTE));
        assertThat(written.isDone()).as("written over %s", expected).isTrue();
        return written.value();
    }

    @Test
    void ofANameThatNobodyHasWrittenNothingIsKnown() {
        Value none = result(values().find("user:ann"));
        assertThat(none.version()).isZero();
        assertThat(none.text()).isNull();
    }

    @Test
    void whatIsWrittenIsFound() {
        Value first = written("user:ann", 0, "muted \u2013 \"{}\"\n\u0000 😀");
        written("user:bob", 0, "");
        Value found = result(values().find("user:ann"));
        assertThat(found.text()).isEqualTo("muted \u2013 \"{}\"\n\u0000 😀").isEqualTo(first.text());
        assertThat(found.version()).isPositive().isEqualTo(first.version());
        assertThat(result(values().find("user:bob")).text()).isEmpty();
    }

    @Test
    void whoDoesNotKnowTheVersionDoesNotWrite() {
        Value first = written("user:ann", 0, "1");
        for (long wrong : new long[] {0, first.version() - 1, first.version() + 1}) {
            Written refused = result(values().put("user:ann", wrong, "2", MINUTE));
            assertThat(refused.isDone()).as("expecting %s", wrong).isFalse();
            assertThat(refused.value().text()).as("what is there").isEqualTo("1");
            assertThat(refused.value().version()).isEqualTo(first.version());
        }
        assertThat(result(values().put("user:bob", 7, "2", MINUTE)).isDone())
                .as("expecting what is not there")
                .isFalse();
        assertThat(result(values().find("user:bob")).text()).isNull();
    }

    @Test
    void versionsGrow() {
        long version = 0;
        for (int i = 0; i < 100; i++) {
            long next = written("user:ann", version, "same").version();
            assertThat(next).isGreaterThan(version);
            version = next;
        }
    }

    @Test
    void ofManyWritersAtOnceOneSucceedsAtATime() {
        for (int turn = 0; turn < 10; turn++) {
            long version = result(values().find("user:ann")).version();
            List<CompletionStage<Written>> writers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                writers.add(values().put("user:ann", version, turn + "/" + i, MINUTE));
            }
            Set<Value> left = new HashSet<>();
            int done = 0;
            for (CompletionStage<Written> writer : writers) {
                Written outcome = result(writer);
                done += outcome.isDone() ? 1 : 0;
                left.add(new Value(outcome.value().version(), outcome.value().text(), Instant.EPOCH));
            }
            assertThat(done).isEqualTo(1);
            assertThat(left).as("what all of them see").hasSize(1);
        }
    }

    @Test
    void whatIsRemovedIsGoneAndItsVersionStays() {
        Value first = written("user:ann", 0, "1");
        Written removed = result(values().put("user:ann", first.version(), null, MINUTE));
        assertThat(removed.isDone()).isTrue();
        assertThat(removed.value().text()).isNull();
        assertThat(removed.value().version()).isGreaterThan(first.version());
        Value found = result(values().find("user:ann"));
        assertThat(found.text()).isNull();
        assertThat(found.version()).isEqualTo(removed.value().version());
        assertThat(result(values().put("user:ann", 0, "2", MINUTE)).isDone())
                .as("by somebody who does not know that it was there")
                .isFalse();
        assertThat(written("user:ann", found.version(), "2").version()).isGreaterThan(found.version());
    }

    @Test
    void whatHasRunOutComesBackWithAGreaterVersion() {
        Duration life = lasting(Duration.ofSeconds(10));
        long version = 0;
        for (int i = 0; i < 5; i++) { // more than one a microsecond, if need be
            Written written = result(values().put("user:ann", version, "1", life));
            version = written.value().version();
        }
        elapse(Duration.ofSeconds(5));
        assertThat(result(values().find("user:ann")).text()).as("in time").isEqualTo("1");
        elapse(Duration.ofSeconds(15));
        Value over = result(values().find("user:ann"));
        assertThat(over.text()).isNull();
        assertThat(over.version()).isZero();
        assertThat(written("user:ann", 0, "2").version()).isGreaterThan(version);
    }

    @Test
    void aWriteBeginsTheTimeAnew() {
        Duration life = lasting(Duration.ofSeconds(10));
        long version = result(values().put("user:ann", 0, "1", life)).value().version();
        elapse(Duration.ofSeconds(7));
        assertThat(result(values().put("user:ann", version, "2", life)).isDone())
                .isTrue();
        elapse(Duration.ofSeconds(7));
        assertThat(result(values().find("user:ann")).text()).isEqualTo("2");
    }

    @Test
    void everyAnswerTellsTheStoresClock() {
        Instant first = result(values().find("user:ann")).at();
        elapse(Duration.ofSeconds(10));
        Instant second =
                result(values().put("user:ann", 0, "1", MINUTE)).value().at();
        assertThat(second)
                .isAfterOrEqualTo(first.plus(lasting(Duration.ofSeconds(10))).minusMillis(1));
        Instant third = result(values().put("user:ann", 0, "1", MINUTE)).value().at();
        assertThat(third).as("of a refusal").isAfterOrEqualTo(second);
    }
}
