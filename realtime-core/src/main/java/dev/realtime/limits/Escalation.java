package dev.realtime.limits;

import dev.realtime.RealtimeBuilder;
import dev.realtime.events.ClientEvents;
import dev.realtime.internal.options.Range;
import java.time.Duration;
import java.util.Objects;

/**
 * What becomes of a user who goes on sending more than the limits allow: a warning, then a restriction for some time, then the end of the connection. Off unless it
 * is set. Immutable: start from {@link #DEFAULT}.
 *
 * <pre>{@code
 * Realtime.builder().escalation(Escalation.DEFAULT.restrictFor(Duration.ofMinutes(10)))
 * }</pre>
 *
 * <h2>Violations</h2>
 *
 * <p>Each event that a limit refuses is a violation, in whatever namespace: beyond the limit of an event, a category or a namespace, beyond {@link Limits#unknownEvents()} and {@link
 * Limits#refreshes()}. They are counted for the user, on each node alone; for anonymous clients, all of one address together. A reconnect is no fresh start. One violation is
 * forgiven whenever {@link #forgiveAfter()} has passed since the first, or since the last that was forgiven; while the user is restricted, none is.
 *
 * <h2>Steps</h2>
 *
 * <p>Each violation from {@link #warnAt()} on is told as a warning. With the one that makes them {@link #restrictAt()} the user is restricted for {@link
 * #restrictFor()}: until then nothing but acknowledgements and renewals of credentials is taken. What is tried meanwhile is told, and is no violation. It holds on
 * all nodes if there are {@link RealtimeBuilder#users rules for users}, else on this one. From {@link
 * #disconnectAt()} on, each violation ends the connection that it came over, behind the words that say why; the client does not come back by itself.
 *
 * <p>The client hears of each step by {@link ClientEvents#rateLimited()}, even if it has asked for an acknowledgement and got it. {@code action} is {@code warning},
 * {@code temporary_restriction} (with {@code duration_minutes}) or {@code disconnect} (with {@code reason}). The application hears of it by {@link
 * RefusedAttempt#step()}.
 */
public final class Escalation {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofDays(7);

    /** Three violations warn, six restrict for five minutes, ten disconnect, and one is forgiven each minute. */
    public static final Escalation DEFAULT = new Escalation(3, 6, Duration.ofMinutes(5), 10, Duration.ofMinutes(1));

    /** What a violation has led to. */
    public enum Step {
        /** The client has been warned. */
        WARNED,
        /** The user is restricted from now on. */
        RESTRICTED,
        /** The connection ends. */
        DISCONNECTED
    }

    private final int warnAt;
    private final int restrictAt;
    private final Duration restrictFor;
    private final int disconnectAt;
    private final Duration forgiveAfter;

    private Escalation(int warnAt, int restrictAt, Duration restrictFor, int disconnectAt, Duration forgiveAfter) {
        this.warnAt = warnAt;
        this.restrictAt = restrictAt;
        this.restrictFor = restrictFor;
        this.disconnectAt = disconnectAt;
        this.forgiveAfter = forgiveAfter;
    }

    private static int violations(String option, int value) {
        return Range.between(1, 1_000, "Escalation." + option, value);
    }

    private static Duration time(String option, Duration value) {
        return Range.between(SHORTEST, LONGEST, "Escalation." + option, Objects.requireNonNull(value, option));
    }

    /** Returns from how many violations on the client is warned; default 3. */
    public int warnAt() {
        return warnAt;
    }

    /**
     * Sets {@link #warnAt()}. {@link RealtimeBuilder#build()} checks that it is less than {@link #restrictAt()}.
     *
     * @param value between 1 and 1,000
     * @throws IllegalArgumentException if the value is out of range
     */
    public Escalation warnAt(int value) {
        return new Escalation(violations("warnAt", value), restrictAt, restrictFor, disconnectAt, forgiveAfter);
    }

    /** Returns at how many violations the user is restricted; default 6. */
    public int restrictAt() {
        return restrictAt;
    }

    /**
     * Sets {@link #restrictAt()}. {@link RealtimeBuilder#build()} checks that it is less than {@link #disconnectAt()}.
     *
     * @param value between 1 and 1,000
     * @throws IllegalArgumentException if the value is out of range
     */
    public Escalation restrictAt(int value) {
        return new Escalation(warnAt, violations("restrictAt", value), restrictFor, disconnectAt, forgiveAfter);
    }

    /** Returns for how long the user is restricted; default 5 min. */
    public Duration restrictFor() {
        return restrictFor;
    }

    /**
     * Sets {@link #restrictFor()}.
     *
     * @param value between 10 ms and seven days
     * @throws IllegalArgumentException if the value is out of range
     */
    public Escalation restrictFor(Duration value) {
        return new Escalation(warnAt, restrictAt, time("restrictFor", value), disconnectAt, forgiveAfter);
    }

    /** Returns from how many violations on the connection ends; default 10. */
    public int disconnectAt() {
        return disconnectAt;
    }

    /**
     * Sets {@link #disconnectAt()}.
     *
     * @param value between 1 and 1,000
     * @throws IllegalArgumentException if the value is out of range
     */
    public Escalation disconnectAt(int value) {
        return new Escalation(warnAt, restrictAt, restrictFor, violations("disconnectAt", value), forgiveAfter);
    }

    /** Returns after what time one violation is forgiven; default 1 min. */
    public Duration forgiveAfter() {
        return forgiveAfter;
    }

    /**
     * Sets {@link #forgiveAfter()}.
     *
     * @param value between 10 ms and seven days
     * @throws IllegalArgumentException if the value is out of range
     */
    public Escalation forgiveAfter(Duration value) {
        return new Escalation(warnAt, restrictAt, restrictFor, disconnectAt, time("forgiveAfter", value));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Escalation that
                && warnAt == that.warnAt
                && restrictAt == that.restrictAt
                && restrictFor.equals(that.restrictFor)
                && disconnectAt == that.disconnectAt
                && forgiveAfter.equals(that.forgiveAfter);
    }

    @Override
    public int hashCode() {
        return Objects.hash(warnAt, restrictAt, restrictFor, disconnectAt, forgiveAfter);
    }

    @Override
    public String toString() {
        return "Escalation[warnAt=" + warnAt + ", restrictAt=" + restrictAt + ", restrictFor=" + restrictFor
                + ", disconnectAt=" + disconnectAt + ", forgiveAfter=" + forgiveAfter + "]";
    }
}
