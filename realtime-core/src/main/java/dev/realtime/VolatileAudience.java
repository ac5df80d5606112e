package dev.realtime;

/**
 * An audience for events that may be lost. They reach connected sessions only, in turn with reliable events, and are the first thing
 * that a full outbox drops. Thread-safe; nothing blocks.
 */
public interface VolatileAudience {

    /**
     * Events with the same key replace each other while they wait (in the outbox of a slow client, and until the next
     * {@linkplain NamespaceSetup#tick tick} of the namespace): only the latest position of player 7 matters. How often each client
     * gets those of one key is a matter of the namespace; see {@link NamespaceSetup#throttle}.
     */
    VolatileAudience coalesce(String key);

    <T> void emit(Event<T> event, T payload);

    void emit(Event<Void> event);
}
