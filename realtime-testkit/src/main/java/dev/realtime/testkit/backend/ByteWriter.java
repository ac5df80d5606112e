package dev.realtime.testkit.backend;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Writes values one behind the other; numbers in as few bytes as they need. */
final class ByteWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);

    byte[] bytes() {
        return out.toByteArray();
    }

    /** Seven bits a byte, the lowest first; negative ones take ten bytes. */
    void number(long value) {
        long left = value;
        while ((left & ~0x7FL) != 0) {
            out.write((int) ((left & 0x7F) | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
    }

    void flag(boolean value) {
        out.write(value ? 1 : 0);
    }

    void array(byte[] value) {
        number(value.length);
        out.writeBytes(value);
    }

    void text(String value) {
        array(value.getBytes(StandardCharsets.UTF_8));
    }

    void optional(@Nullable String value) {
        flag(value != null);
        if (value != null) {
            text(value);
        }
    }

    /** In alphabetical order: a set has none of its own. */
    void strings(Collection<String> values) {
        number(values.size());
        values.stream().sorted().forEach(this::text);
    }
}
