package dev.realtime.benchmarks.hostile;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** 200 members of a room have stopped reading while 1,000 updates a second of 2,000 coalesced values go to it. */
final class CoalescedUpdates implements Attack {
    private static final int READERS = 200;
    private static final int VALUES = 2_000;

    private final AtomicInteger updates = new AtomicInteger();

    @Override
    public String name() {
        return "coalesced-updates";
    }

    @Override
    public String run(Intruders intruders) throws Exception {
        WireClient driver = StalledReaders.stall(intruders, READERS);
        send(driver, Duration.ofSeconds(3)); // so that each value waits somewhere
        intruders.begin();
        send(driver, Duration.ofSeconds(12));
        return updates + " updates";
    }

    private void send(WireClient driver, Duration time) throws IOException, InterruptedException {
        Intruders.atRate(1_000, time, () -> driver.send("42[\"move\",\"" + updates.getAndIncrement() % VALUES + "\"]"));
    }
}
