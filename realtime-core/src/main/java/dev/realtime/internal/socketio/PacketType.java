package dev.realtime.internal.socketio;

import org.jspecify.annotations.Nullable;

/** The packet types of Socket.IO protocol v5. */
public enum PacketType {
    CONNECT('0'),
    DISCONNECT('1'),
    EVENT('2'),
    ACK('3'),
    CONNECT_ERROR('4'),
    BINARY_EVENT('5'),
    BINARY_ACK('6');

    private final char digit;

    PacketType(char digit) {
        this.digit = digit;
    }

    /** The type written as {@code digit}, or null if there is none. */
    public static @Nullable PacketType of(char digit) {
        return switch (digit) {
            case '0' -> CONNECT;
            case '1' -> DISCONNECT;
            case '2' -> EVENT;
            case '3' -> ACK;
            case '4' -> CONNECT_ERROR;
            case '5' -> BINARY_EVENT;
            case '6' -> BINARY_ACK;
            default -> null;
        };
    }

    /** The digit on the wire. */
    public char digit() {
        return digit;
    }

    /** {@link #EVENT} or {@link #BINARY_EVENT}. */
    public boolean isEvent() {
        return this == EVENT || this == BINARY_EVENT;
    }

    /** {@link #ACK} or {@link #BINARY_ACK}. */
    public boolean isAck() {
        return this == ACK || this == BINARY_ACK;
    }

    /** Whether attachments follow the text. */
    public boolean isBinary() {
        return this == BINARY_EVENT || this == BINARY_ACK;
    }
}
