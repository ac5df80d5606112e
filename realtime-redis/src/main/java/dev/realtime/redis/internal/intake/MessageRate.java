package dev.realtime.redis.internal.intake;

/** Admits so many messages in any second: the times of the latest are kept. For one thread. */
final class MessageRate {
    private static final long SECOND = 1_000_000_000;

    private final long[] times;
    private int admitted;
    private int oldest;

    MessageRate(int perSecond) {
        this.times = new long[perSecond];
    }

    /** @param now in nanoseconds of a monotonic clock */
    boolean admit(long now) {
        if (admitted < times.length) {
            times[admitted++] = now;
            return true;
        }
        if (now - times[oldest] < SECOND) {
            return false;
        }
        times[oldest] = now;
        oldest = (oldest + 1) % times.length;
        return true;
    }
}
