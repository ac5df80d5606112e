package dev.realtime.internal.idempotency;

import dev.realtime.ErrorCode;
import dev.realtime.spi.EventData;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What clients are answered. Immutable. */
public sealed interface Outcome {

    /** Whether the next request of the key is answered the same; else it may be handled. */
    boolean isKept();

    /** @param arguments of the acknowledgement */
    record Replied(EventData arguments) implements Outcome {
        @Override
        public boolean isKept() {
            return true;
        }
    }

    /** @param retryAfter null when that does not depend on time */
    record Refused(String code, String message, @Nullable Duration retryAfter) implements Outcome {
        @Override
        public boolean isKept() {
            return retryAfter == null && !mayBeRetried();
        }

        private boolean mayBeRetried() {
            for (ErrorCode known : ErrorCode.values()) {
                if (known.code().equals(code)) {
                    return known.retry();
                }
            }
            return false;
        }
    }

    static Outcome refused(ErrorCode code) {
        return new Refused(code.code(), code.sentence(), null);
    }
}
