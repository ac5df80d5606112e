package dev.realtime.events;

import dev.realtime.NamespaceSetup.RefusalForm;
import dev.realtime.internal.options.Range;
import java.util.Objects;

/**
 * The names of the events that the engine itself sends to clients. Immutable: start from {@link #DEFAULT}, one event for all that goes wrong, or from {@link
 * #BY_KIND}, and change single names. {@link #lifecycle()} has those of what becomes of sessions.
 *
 * <pre>{@code
 * Realtime.builder().clientEvents(ClientEvents.BY_KIND.error("server:error"))
 * }</pre>
 *
 * <p>A client hears of an error by an event when it has asked for no acknowledgement; an acknowledgement looks the same under all names
 * ({@link RefusalForm}). The event {@link #error()} has one argument:
 *
 * <pre>{@code
 * {code: "invalid_payload", message: "…", event: "chat:say", retryAfterMs?: 2500, untold?: 12}
 * }</pre>
 *
 * <p>{@code untold} is how many errors before this one were left out, since they were too many. A kind of errors that has a name of its own has a form of its own:
 *
 * <pre>{@code
 * rateLimited      → {action: "refused", event_type: "chat:say", retry_after: 3, retryAfterMs: 2500, code: "rate_limited", message: "…", untold?: 12}
 * permissionDenied → "ban", {code: "forbidden", message: "…"}
 * invalidAction    → {action: "chat:say", code: "invalid_payload", message: "…", untold?: 12}
 * }</pre>
 *
 * <p>{@code retry_after} is in seconds, rounded up. The first argument of {@code permissionDenied} is the name of the event that was not allowed.
 */
public final class ClientEvents {
    private static final int LONGEST = 128;
    private static final String ERROR = "realtime:error";

    /** {@code realtime:error} for everything. */
    public static final ClientEvents DEFAULT = new ClientEvents(ERROR, ERROR, ERROR, ERROR, LifecycleEvents.DEFAULT);

    /**
     * {@code error:rate_limited}, {@code error:permission_denied} and {@code error:invalid_action}, and {@code realtime:error} for what is left, the failures of the server
     * itself.
     */
    public static final ClientEvents BY_KIND = new ClientEvents(
            ERROR, "error:rate_limited", "error:permission_denied", "error:invalid_action", LifecycleEvents.DEFAULT);

    private final String error;
    private final String rateLimited;
    private final String permissionDenied;
    private final String invalidAction;
    private final LifecycleEvents lifecycle;

    private ClientEvents(
            String error,
            String rateLimited,
            String permissionDenied,
            String invalidAction,
            LifecycleEvents lifecycle) {
        this.error = error;
        this.rateLimited = rateLimited;
        this.permissionDenied = permissionDenied;
        this.invalidAction = invalidAction;
        this.lifecycle = lifecycle;
    }

    private static String name(String option, String value) {
        Objects.requireNonNull(value, option);
        Range.check(
                !value.isEmpty() && value.length() <= LONGEST,
                "ClientEvents." + option,
                "1 to 128 characters long",
                "'" + value + "'");
        return value;
    }

    /** Returns the event for errors that have none of their own. */
    public String error() {
        return error;
    }

    /**
     * Sets the event for errors that have none of their own. Those that had the same name as this one follow it.
     *
     * @param value default {@code realtime:error}
     * @throws IllegalArgumentException if it is empty or longer than 128 characters
     */
    public ClientEvents error(String value) {
        String name = name("error", value);
        return new ClientEvents(
                name,
                rateLimited.equals(error) ? name : rateLimited,
                permissionDenied.equals(error) ? name : permissionDenied,
                invalidAction.equals(error) ? name : invalidAction,
                lifecycle);
    }

    /** Returns the event for what was sent too often. */
    public String rateLimited() {
        return rateLimited;
    }

    /**
     * Sets the event for what was sent too often.
     *
     * @param value default {@link #error()}
     * @throws IllegalArgumentException if it is empty or longer than 128 characters
     */
    public ClientEvents rateLimited(String value) {
        return new ClientEvents(error, name("rateLimited", value), permissionDenied, invalidAction, lifecycle);
    }

    /** Returns the event for what a user has no permission for, or may not say while muted. */
    public String permissionDenied() {
        return permissionDenied;
    }

    /**
     * Sets the event for what a user has no permission for.
     *
     * @param value default {@link #error()}
     * @throws IllegalArgumentException if it is empty or longer than 128 characters
     */
    public ClientEvents permissionDenied(String value) {
        return new ClientEvents(error, rateLimited, name("permissionDenied", value), invalidAction, lifecycle);
    }

    /** Returns the event for what cannot be done: unknown events, payloads that do not fit, and what handlers and interceptors refuse. */
    public String invalidAction() {
        return invalidAction;
    }

    /**
     * Sets the event for what cannot be done.
     *
     * @param value default {@link #error()}
     * @throws IllegalArgumentException if it is empty or longer than 128 characters
     */
    public ClientEvents invalidAction(String value) {
        return new ClientEvents(error, rateLimited, permissionDenied, name("invalidAction", value), lifecycle);
    }

    /** Returns the events by which clients hear what becomes of their sessions. */
    public LifecycleEvents lifecycle() {
        return lifecycle;
    }

    /**
     * Sets the events by which clients hear what becomes of their sessions.
     *
     * @param value default {@link LifecycleEvents#DEFAULT}: they are told nothing
     */
    public ClientEvents lifecycle(LifecycleEvents value) {
        return new ClientEvents(
                error, rateLimited, permissionDenied, invalidAction, Objects.requireNonNull(value, "lifecycle"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClientEvents that
                && error.equals(that.error)
                && rateLimited.equals(that.rateLimited)
                && permissionDenied.equals(that.permissionDenied)
                && invalidAction.equals(that.invalidAction)
                && lifecycle.equals(that.lifecycle);
    }

    @Override
    public int hashCode() {
        return Objects.hash(error, rateLimited, permissionDenied, invalidAction, lifecycle);
    }

    @Override
    public String toString() {
        return "ClientEvents[error=" + error + ", rateLimited=" + rateLimited + ", permissionDenied=" + permissionDenied
                + ", invalidAction=" + invalidAction + ", lifecycle=" + lifecycle + "]";
    }
}
