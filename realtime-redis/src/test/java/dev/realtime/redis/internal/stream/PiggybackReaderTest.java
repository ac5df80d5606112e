package dev.realtime.redis.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who reads the stream: the reader, or the writer beside its appends. Times in nanoseconds. */
class PiggybackReaderTest {
    private static final long OFTEN = 100_000;
    private static final long SELDOM = 400_000;
    private static final int MANY_TURNS = 100;
    private static final long FOR_EVER_MILLIS = 3_600_000;

    private final RedisStream noStream = null;
    private final Continuity noEpochs = null;
    private final EntryDispatcher dispatcher = new EntryDispatcher(noStream, noEpochs, FOR_EVER_MILLIS);
    private final PiggybackReader writer = new PiggybackReader(dispatcher);

    @Test
    void aWriterReadsWhileItAppendsOftenAndLittle() {
        appends(OFTEN, MANY_TURNS);
        assertThat(writer.isOn()).isTrue();
        writer.begin(SELDOM, 1);
        assertThat(writer.isOftenEnough()).as("not for one longer rest").isTrue();
        writer.end();
        assertThat(writer.isOn()).isFalse();
        assertThat(dispatcher.tryTake()).as("somebody else can read").isTrue();
    }

    @Test
    void oneThatAppendsSeldomDoesNot() {
        appends(SELDOM, MANY_TURNS);
        appends(OFTEN, 1);
        assertThat(writer.isOn())
                .as("others' entries would wait for its next append")
                .isFalse();
    }

    @Test
    void oneThatAppendsLessOftenThanItDidLeavesItToTheReader() {
        appends(OFTEN, MANY_TURNS);
        appends(SELDOM, MANY_TURNS);
        assertThat(writer.isOftenEnough()).isFalse();
    }

    @Test
    void turnsWithoutAppendsArePartOfTheRest() {
        for (int turn = 0; turn < MANY_TURNS; turn++) {
            writer.begin(OFTEN, 0);
            writer.begin(OFTEN, 0);
            writer.begin(OFTEN, 0);
            writer.begin(OFTEN, 1);
        }
        assertThat(writer.isOn()).isFalse();
    }

    @Test
    void norOneThatAppendsMuchOrNothing() {
        for (int turn = 0; turn < MANY_TURNS; turn++) {
            writer.begin(OFTEN, 64);
        }
        writer.begin(OFTEN, 0);
        assertThat(writer.isOn()).isFalse();
    }

    private void appends(long rest, int turns) {
        for (int turn = 0; turn < turns; turn++) {
            writer.begin(rest, 1);
        }
    }

    @Test
    @Timeout(60)
    void aReaderGivesWayToAWriterThatWasRefused() throws InterruptedException {
        dispatcher.take();
        appends(OFTEN, MANY_TURNS);
        assertThat(writer.isOn()).as("the reader waits at the server").isFalse();
        dispatcher.giveBack();
        Thread reader = new Thread(dispatcher::take);
        reader.start();
        while (reader.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        writer.begin(OFTEN, 1);
        assertThat(writer.isOn()).isTrue();
        writer.end();
        reader.join();
        assertThat(dispatcher.tryTake()).as("the reader has it again").isFalse();
    }

    @Test
    @Timeout(60)
    void nobodyGivesWayWhereNobodyWasRefused() {
        dispatcher.take();
        dispatcher.giveBack();
        assertThat(dispatcher.take()).isTrue();
    }

    @Test
    @Timeout(60)
    void closingEndsTheCourtesy() throws InterruptedException {
        dispatcher.take();
        appends(OFTEN, MANY_TURNS);
        dispatcher.giveBack();
        Thread reader = new Thread(dispatcher::take);
        reader.start();
        while (reader.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        dispatcher.close();
        reader.join();
        assertThat(dispatcher.tryTake()).isFalse();
    }
}
