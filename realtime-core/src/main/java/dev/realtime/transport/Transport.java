package dev.realtime.transport;

/** The transports of Engine.IO v4. */
public enum Transport {
    POLLING,
    WEBSOCKET;

    /** As the protocol spells it. */
    public String wireName() {
        return this == POLLING ? "polling" : "websocket";
    }
}
