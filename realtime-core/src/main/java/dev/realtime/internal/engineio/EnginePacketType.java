package dev.realtime.internal.engineio;

import org.jspecify.annotations.Nullable;

/** The packet types of Engine.IO protocol v4. */
public enum EnginePacketType {
    OPEN('0'),
    CLOSE('1'),
    PING('2'),
    PONG('3'),
    MESSAGE('4'),
    UPGRADE('5'),
    NOOP('6');

    private final char digit;

    EnginePacketType(char digit) {
        this.digit = digit;
    }

    /** The type written as {@code digit}, or null if there is none. */
    public static @Nullable EnginePacketType of(char digit) {
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

    /** The digit on the wire. */
    public char digit() {
        return digit;
    }
}
