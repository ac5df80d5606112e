package dev.realtime.redis.internal.wire;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/** Puts JSON text together from pieces that are already text. */
final class JsonBytes {
    private static final JsonStringEncoder QUOTES = JsonStringEncoder.getInstance();

    private final ByteArrayOutputStream bytes;

    JsonBytes(int expectedSize) {
        this.bytes = new ByteArrayOutputStream(expectedSize);
    }

    /** @param ascii JSON */
    JsonBytes raw(String ascii) {
        return raw(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    JsonBytes raw(byte[] json) {
        bytes.write(json, 0, json.length);
        return this;
    }

    /** @throws IllegalArgumentException when half of a surrogate pair stands alone */
    JsonBytes string(String value) {
        bytes.write('"');
        raw(QUOTES.quoteAsUTF8(value));
        bytes.write('"');
        return this;
    }

    JsonBytes strings(Collection<String> values) {
        bytes.write('[');
        boolean first = true;
        for (String value : values) {
            if (!first) {
                bytes.write(',');
            }
            first = false;
            string(value);
        }
        bytes.write(']');
        return this;
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }
}
