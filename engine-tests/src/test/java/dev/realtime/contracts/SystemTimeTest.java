package dev.realtime.contracts;

import dev.realtime.internal.system.SystemTime;
import dev.realtime.spi.Time;
import dev.realtime.testkit.contract.TimeContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

class SystemTimeTest extends TimeContract {
    private final SystemTime time = SystemTime.start();

    @AfterEach
    void stop() {
        time.close();
    }

    @Override
    protected Time time() {
        return time;
    }

    @Override
    protected void elapse(Duration duration) {} // passes by itself
}
