package dev.realtime.internal.engineio;

import org.jspecify.annotations.Nullable;

/** The packet types of Engine.IO protocol v4. */
public enum EnginePacketType {
    OPEN,
    CLOSE,
    PING,
    PONG,
    MESSAGE,
    UPGRADE,
    NOOP;

    /** What it takes in front of a packet. */
    static final int LENGTH = 1;

    /**
     * Returns the type of a packet of text.
     *
     * @throws BadPayloadException if it is empty or of an unknown type
     */
    static EnginePacketType ofPacket(String packet) {
        EnginePacketType type = packet.isEmpty() ? null : of(packet.charAt(0));
        if (type == null) {
            throw new BadPayloadException(BadPayloadException.Code.UNKNOWN_TYPE, "unknown Engine.IO packet type");
        }
        return type;
    }

    private static @Nullable EnginePacketType of(char digit) {
        return switch (digit) {
            case '0' -> OPEN;
            case '1' -> CLOSE;
            case '2' -> PING;
            case '3' -> PONG;
            case '4' -> MESSAGE;
            case '5' -> UPGRADE;
            case '6' -> NOOP;
            default -> null;
        };
    }
}
