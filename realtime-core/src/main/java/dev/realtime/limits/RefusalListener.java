package dev.realtime.limits;

import dev.realtime.NamespaceSetup;
import dev.realtime.RealtimeBuilder;

/**
 * Told of what clients are refused: {@link RealtimeBuilder#onRefusal} for a whole node, {@link NamespaceSetup#onRefusal} for a namespace.
 *
 * <pre>{@code
 * Realtime.builder().onRefusal(attempt -> audit.add(attempt.client(), attempt.code(), attempt.rule()))
 * }</pre>
 */
@FunctionalInterface
public interface RefusalListener {
    /** Takes note of a refusal. Whatever it throws is logged. */
    void refused(RefusedAttempt attempt) throws Exception;
}
