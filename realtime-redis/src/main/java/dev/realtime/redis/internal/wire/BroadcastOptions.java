package dev.realtime.redis.internal.wire;

import dev.realtime.spi.Target;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Upstream's {@code opts}: whom a message concerns and how.
 *
 * @param timeout null if not said
 */
record BroadcastOptions(
        Set<String> rooms,
        Set<String> except,
        boolean isVolatile,
        @Nullable Duration timeout) {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** @param node for the messages that say one */
    Target target(@Nullable String node) {
        return new Target(rooms, except, node);
    }

    static BroadcastOptions read(MsgpackValue value) throws BadWireException {
        return read(value, Integer.MAX_VALUE);
    }

    /** @param maxRooms in each list */
    static BroadcastOptions read(MsgpackValue value, int maxRooms) throws BadWireException {
        MsgpackValue.Members opts = value.members();
        MsgpackValue flagsValue = opts.find("flags");
        boolean isVolatile = false;
        Duration timeout = null;
        if (flagsValue != null) {
            MsgpackValue.Members flags = flagsValue.members();
            MsgpackValue volatileFlag = flags.find("volatile");
            isVolatile = volatileFlag != null && volatileFlag.bool();
            MsgpackValue timeoutFlag = flags.find("timeout");
            timeout = timeoutFlag == null ? null : duration(timeoutFlag.whole());
        }
        return new BroadcastOptions(
                opts.get("rooms").names(maxRooms), opts.get("except").names(maxRooms), isVolatile, timeout);
    }

    private static Duration duration(long millis) {
        return Duration.ofMillis(Math.max(1, Math.min(millis, LONGEST.toMillis())));
    }

    /** Writes the member {@code opts}. */
    static void write(Target target, boolean isVolatile, @Nullable Duration timeout, MsgpackWriter out) {
        out.string("opts").map(3);
        out.string("rooms").strings(target.rooms());
        out.string("except").strings(target.except());
        out.string("flags").map((isVolatile ? 1 : 0) + (timeout == null ? 0 : 1));
        if (isVolatile) {
            out.string("volatile").bool(true);
        }
        if (timeout != null) {
            out.string("timeout").integer(timeout.toMillis());
        }
    }
}
