package dev.realtime.redis.internal.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Collection;

/**
 * Writes msgpack as upstream's encoder does, in the shortest form. Containers may be opened before their size is known, which JSON
 * does not tell in advance: {@link #open()} leaves one byte, and {@link #closeMap} or {@link #closeArray} fill it in, moving the content
 * only when it has 16 elements or more.
 */
final class MsgpackWriter {
    private byte[] bytes = new byte[256];
    private int size;

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    MsgpackWriter nil() {
        return one(0xc0);
    }

    MsgpackWriter bool(boolean value) {
        return one(value ? 0xc3 : 0xc2);
    }

    MsgpackWriter integer(long value) {
        if (value >= 0) {
            if (value < 0x80) {
                return one((int) value);
            }
            if (value <= 0xff) {
                return one(0xcc).big(value, 1);
            }
            if (value <= 0xffff) {
                return one(0xcd).big(value, 2);
            }
            return value <= 0xffff_ffffL ? one(0xce).big(value, 4) : one(0xcf).big(value, 8);
        }
        if (value >= -0x20) {
            return one((int) value);
        }
        if (value >= Byte.MIN_VALUE) {
            return one(0xd0).big(value, 1);
        }
        if (value >= Short.MIN_VALUE) {
            return one(0xd1).big(value, 2);
        }
        return value >= Integer.MIN_VALUE ? one(0xd2).big(value, 4) : one(0xd3).big(value, 8);
    }

    MsgpackWriter number(double value) {
        return one(0xcb).big(Double.doubleToRawLongBits(value), 8);
    }

    MsgpackWriter string(String value) {
        byte[] text = value.getBytes(UTF_8);
        if (text.length < 32) {
            one(0xa0 | text.length);
        } else {
            sized(0xd9, text.length);
        }
        return raw(text);
    }

    MsgpackWriter binary(byte[] value) {
        return sized(0xc4, value.length).raw(value);
    }

    /** The header of a map whose size is known. */
    MsgpackWriter map(int members) {
        int mark = open();
        closeMap(mark, members);
        return this;
    }

    /** The header of an array whose size is known. */
    MsgpackWriter array(int elements) {
        int mark = open();
        closeArray(mark, elements);
        return this;
    }

    MsgpackWriter strings(Collection<String> values) {
        array(values.size());
        values.forEach(this::string);
        return this;
    }

    /** Begins a container; its content follows. */
    int open() {
        one(0);
        return size - 1;
    }

    void closeMap(int mark, int members) {
        close(mark, members, 0x80, 0xde);
    }

    void closeArray(int mark, int elements) {
        close(mark, elements, 0x90, 0xdc);
    }

    private void close(int mark, int count, int few, int many) {
        if (count < 16) {
            bytes[mark] = (byte) (few | count);
            return;
        }
        int width = count <= 0xffff ? 2 : 4;
        reserve(width);
        System.arraycopy(bytes, mark + 1, bytes, mark + 1 + width, size - mark - 1);
        int end = size + width;
        size = mark;
        one(width == 2 ? many : many + 1).big(count, width);
        size = end;
    }

    /** Takes back everything from a mark on. */
    void cutBackTo(int mark) {
        size = mark;
    }

    /** The header of a string or binary value; {@code first} is the code for a length of one byte. */
    private MsgpackWriter sized(int first, int length) {
        if (length <= 0xff) {
            return one(first).big(length, 1);
        }
        return length <= 0xffff ? one(first + 1).big(length, 2) : one(first + 2).big(length, 4);
    }

    private MsgpackWriter one(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
        return this;
    }

    private MsgpackWriter big(long value, int width) {
        reserve(width);
        for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
        return this;
    }

    private MsgpackWriter raw(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), (int)
                    Math.min(bytes.length * 2L, Integer.MAX_VALUE - 8)));
        }
    }
}
