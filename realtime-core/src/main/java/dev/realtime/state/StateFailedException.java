package dev.realtime.state;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Something could not be done with a shared state. The {@linkplain #reason() reason} says whether it makes sense to try again. */
public final class StateFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** Why it could not be done. */
    public enum Reason {
        /** The backend does not answer. Whether a change was made is not known: what {@link SharedState#read} finds later says so. */
        UNAVAILABLE,
        /** Others have changed the state each time before this node could. Nothing was changed. */
        CONTENDED,
        /** Too much is waiting on this node to be done with this state. Nothing was changed. */
        OVERLOADED,
        /** The sessions of this node, or this session, watch as many states as they may. */
        TOO_MANY_WATCHED,
        /** What is stored cannot be read as the contract's type: another version of the application has written it. */
        UNREADABLE
    }

    /** @param message what could not be done, for the log */
    public StateFailedException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** Returns why. */
    public Reason reason() {
        return reason;
    }
}
