package dev.realtime.limits;

import dev.realtime.NamespaceSetup;
import dev.realtime.RealtimeBuilder;

/**
 * Told of what clients are refused: {@link RealtimeBuilder#onRefusal} for a whole node, {@link NamespaceSetup#onRefusal} for a namespace.
 *
 * <pre>{@code
 * Realtime.builder().onRefusal(attempt -> attempt.step().ifPresent(step -> audit.add(step + " " + attempt.client())))
 * }</pre>
 */
@FunctionalInterface
public interface RefusalListener {
    /** Takes note of a refusal. Whatever it throws is logged. */
    void refused(RefusedAttempt attempt) throws Exception;
}
