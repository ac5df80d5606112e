package dev.realtime.internal.engineio;

import dev.realtime.internal.engineio.BadPayloadException.Code;

/** One Engine.IO packet: text of some type, or a binary message. */
public sealed interface EnginePacket {

    /**
     * A packet that came as text.
     *
     * @param type its type
     * @param raw the whole text, the type's digit included, so that a message is decoded without copying it
     */
    record Text(EnginePacketType type, String raw) implements EnginePacket {

        /** Where in {@link #raw} the data starts. */
        public static final int DATA_FROM = 1;

        /** The text behind the type. */
        public String data() {
            return raw.substring(DATA_FROM);
        }
    }

    /** A binary message. Not a record: two messages with equal bytes are still two. */
    final class Binary implements EnginePacket {
        private final byte[] bytes;

        public Binary(byte[] bytes) {
            this.bytes = bytes;
        }

        /** Its content; shared, nobody modifies it. */
        public byte[] bytes() {
            return bytes;
        }
    }

    /**
     * Reads a text frame of a WebSocket.
     *
     * @throws BadPayloadException if it is empty or of an unknown type
     */
    static Text text(String raw) {
        EnginePacketType type = raw.isEmpty() ? null : EnginePacketType.of(raw.charAt(0));
        if (type == null) {
            throw new BadPayloadException(Code.UNKNOWN_TYPE, "unknown Engine.IO packet type");
        }
        return new Text(type, raw);
    }
}
