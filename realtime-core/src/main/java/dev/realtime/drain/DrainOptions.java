package dev.realtime.drain;

import dev.realtime.internal.options.Range;
import java.time.Duration;
import java.util.Objects;

/**
 * How a node stops for a deploy, see {@link dev.realtime.Realtime#drain(DrainOptions)}. First it announces that it stops, and serves as before. Then it lets nobody in, and its
 * clients move to other nodes, one after another. Then it finishes what is left. Immutable: start from {@link #DEFAULT}, or from {@link #within}.
 *
 * <pre>{@code
 * realtime.drain(DrainOptions.within(Duration.ofSeconds(60)).announce(Duration.ofSeconds(15)))
 *         .thenRun(realtime::close);
 * }</pre>
 */
public final class DrainOptions {
    /** 30 s in all: an announcement of 5 s, and clients that move over 15 s. */
    public static final DrainOptions DEFAULT = within(Duration.ofSeconds(30));

    private final Duration deadline;
    private final Duration announce;
    private final Duration spread;

    private DrainOptions(Duration deadline, Duration announce, Duration spread) {
        this.deadline = deadline;
        this.announce = announce;
        this.spread = spread;
    }

    /**
     * Returns options for a node that is to be done within this time: it announces for a sixth of it, and its clients move over a half of it.
     *
     * @param deadline as long as the process may live from now on, less a few seconds for what is beside the engine
     * @throws IllegalArgumentException if it is not between 0 and 1 d
     */
    public static DrainOptions within(Duration deadline) {
        Objects.requireNonNull(deadline, "deadline");
        Range.between(Duration.ZERO, Duration.ofDays(1), "DrainOptions.within", deadline);
        return new DrainOptions(deadline, deadline.dividedBy(6), deadline.dividedBy(2));
    }

    /**
     * Returns options for a node that neither announces that it stops nor waits while its clients move: they are all sent away together, as with
     * {@link dev.realtime.Realtime#drain(Duration)}.
     *
     * @throws IllegalArgumentException if it is not between 0 and 1 d
     */
    public static DrainOptions atOnce(Duration deadline) {
        return within(deadline).announce(Duration.ZERO).spread(Duration.ZERO);
    }

    /** Returns within which time all is to be done. */
    public Duration deadline() {
        return deadline;
    }

    /** Returns how long the node says that it stops while it serves as before. */
    public Duration announce() {
        return announce;
    }

    /**
     * Sets how long the node says that it stops while it serves as before. A load balancer needs as long to notice as it takes for the probes that make a node unready: with
     * Kubernetes' {@code periodSeconds} times {@code failureThreshold}, and a moment for the change to reach every proxy.
     *
     * @throws IllegalArgumentException if it is not between 0 and what the deadline leaves beside {@link #spread()}
     */
    public DrainOptions announce(Duration time) {
        Objects.requireNonNull(time, "time");
        Range.between(Duration.ZERO, deadline.minus(spread), "DrainOptions.announce", time);
        return new DrainOptions(deadline, time, spread);
    }

    /** Returns over how long clients are asked to move. */
    public Duration spread() {
        return spread;
    }

    /**
     * Sets over how long clients are asked to move to other nodes. They are asked evenly and in no order that they could know, so that the other nodes meet no wave of them.
     *
     * @throws IllegalArgumentException if it is not between 0 and what the deadline leaves beside {@link #announce()}
     */
    public DrainOptions spread(Duration time) {
        Objects.requireNonNull(time, "time");
        Range.between(Duration.ZERO, deadline.minus(announce), "DrainOptions.spread", time);
        return new DrainOptions(deadline, announce, time);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DrainOptions that
                && deadline.equals(that.deadline)
                && announce.equals(that.announce)
                && spread.equals(that.spread);
    }

    @Override
    public int hashCode() {
        return Objects.hash(deadline, announce, spread);
    }

    @Override
    public String toString() {
        return "DrainOptions[deadline=" + deadline + ", announce=" + announce + ", spread=" + spread + "]";
    }
}
