package dev.realtime.testkit.backend;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what {@link ByteWriter} wrote. */
final class ByteReader {
    private final byte[] bytes;
    private int at;

    ByteReader(byte[] bytes) {
        this.bytes = bytes;
    }

    long number() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes[at++];
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    boolean flag() {
        return bytes[at++] == 1;
    }

    byte[] array() {
        int length = (int) number();
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    String text() {
        return new String(array(), StandardCharsets.UTF_8);
    }

    @Nullable
    String optional() {
        return flag() ? text() : null;
    }

    /** Their order is that of the bytes, so it is the same in every run. */
    Set<String> strings() {
        Set<String> values = new LinkedHashSet<>();
        for (long left = number(); left > 0; left--) {
            values.add(text());
        }
        return Collections.unmodifiableSet(values);
    }
}
