package dev.realtime.redis.internal.intake;

/** What the intake counts, with the name of each in {@code RedisIntake.counters()}. */
public enum IntakeCount {
    HEARD("intake.heard"),
    HANDLED("intake.handled"),
    /** More bytes than a message may have. */
    TOO_LARGE("intake.dropped.too_large"),
    /** More messages in a second than a channel may bring. */
    TOO_MANY("intake.dropped.too_many"),
    /** More wait than may. */
    QUEUE_FULL("intake.dropped.queue_full"),
    /** Waited for longer than a message may. */
    TOO_LATE("intake.dropped.too_late"),
    /** Not what the contract says. */
    INVALID("intake.dropped.invalid"),
    /** Waited when the intake was closed, and the handler was too slow. */
    CLOSED("intake.dropped.closed"),
    /** The application's code threw. */
    FAILED("intake.failed"),
    /** This node has carried out a command. */
    COMMANDS("intake.admin.commands"),
    /** No command, or signed by nobody whom this node knows. */
    FORGED("intake.admin.refused.forged"),
    /** Signed too long ago, by Redis's clock, or in the future. */
    STALE("intake.admin.refused.stale"),
    /** Heard before. */
    REPLAYED("intake.admin.refused.replayed"),
    /** Genuine, but could not be carried out. */
    COMMANDS_FAILED("intake.admin.failed");

    private final String counter;

    IntakeCount(String counter) {
        this.counter = counter;
    }

    /** Returns the name of the counter. */
    public String counter() {
        return counter;
    }
}
