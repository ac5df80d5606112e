package dev.realtime.envelope;

import dev.realtime.Position;
import java.util.Map;

/** Is told of events with headers, on each node where they have met their recipients: to join a trace, or to note a correlation id. */
@FunctionalInterface
public interface HeaderListener {
    /**
     * Called where handlers run, soon after the delivery, and in no certain order. May block.
     *
     * @param event its name
     * @param headers what was {@linkplain dev.realtime.Broadcast#header given along}
     * @param position its place in the namespace's log
     * @throws Exception is logged and told to {@link dev.realtime.NamespaceSetup#onError}
     */
    void delivered(String event, Map<String, String> headers, Position position) throws Exception;
}
