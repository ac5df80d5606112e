package dev.realtime.redis.internal.wire;

import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.EventData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.core.buffer.MessageBuffer;
import org.msgpack.value.ValueType;

/**
 * A value inside a msgpack message, looked at where it stands: an envelope is indexed, its content stays bytes until somebody asks. Every
 * count and length is compared with what is there before anything is reserved for it.
 */
final class MsgpackValue {
    private static final int MAX_NAME = 80;

    private final byte[] bytes;
    private final int from;
    private final int length;

    private MsgpackValue(byte[] bytes, int from, int length) {
        this.bytes = bytes;
        this.from = from;
        this.length = length;
    }

    /** A message: exactly one value. */
    static MsgpackValue message(byte[] bytes) throws BadWireException {
        WireJson.checkSize(bytes.length);
        MsgpackValue all = new MsgpackValue(bytes, 0, bytes.length);
        return all.read(in -> {
            in.skipValue();
            if (in.getTotalReadBytes() != bytes.length) {
                throw new BadWireException("more than one value");
            }
            return all;
        });
    }

    @FunctionalInterface
    private interface Reading<T> {
        T from(MessageUnpacker in) throws IOException, BadWireException;
    }

    /** The library throws unchecked exceptions of its own, and others where a hostile length meets its arithmetic. */
    private <T> T read(Reading<T> reading) throws BadWireException {
        try (MessageUnpacker in = MessagePack.newDefaultUnpacker(bytes, from, length)) {
            return reading.from(in);
        } catch (IOException | RuntimeException e) {
            throw new BadWireException("not msgpack", e);
        }
    }

    private static void expect(MessageUnpacker in, ValueType type) throws IOException, BadWireException {
        if (in.getNextFormat().getValueType() != type) {
            throw new BadWireException("expected " + type);
        }
    }

    private void checkCount(long count) throws BadWireException {
        if (count < 0 || count > length) {
            throw new BadWireException("more elements than bytes");
        }
    }

    ValueType type() throws BadWireException {
        return read(in -> in.getNextFormat().getValueType());
    }

    boolean isMap() throws BadWireException {
        return type() == ValueType.MAP;
    }

    boolean isNil() throws BadWireException {
        return read(in -> in.getNextFormat() == MessageFormat.NIL);
    }

    /** The members of a map by name. Of members with one name the last counts. */
    Members members() throws BadWireException {
        return read(in -> {
            expect(in, ValueType.MAP);
            int count = in.unpackMapHeader();
            checkCount(count);
            Map<String, MsgpackValue> members = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                String name = string(in);
                members.put(name, next(in));
            }
            return new Members(members);
        });
    }

    List<MsgpackValue> elements() throws BadWireException {
        return read(in -> {
            int count = arrayHeader(in);
            List<MsgpackValue> elements = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                elements.add(next(in));
            }
            return elements;
        });
    }

    private MsgpackValue next(MessageUnpacker in) throws IOException {
        int start = (int) in.getTotalReadBytes();
        in.skipValue();
        return new MsgpackValue(bytes, from + start, (int) in.getTotalReadBytes() - start);
    }

    String text() throws BadWireException {
        return read(MsgpackValue::string);
    }

    /** The name of a node or a session, which others may log. */
    String identifier() throws BadWireException {
        String name = text();
        if (name.isEmpty()
                || name.length() > MAX_NAME
                || !BoundedLog.clean(name).equals(name)) {
            throw new BadWireException("an identifier that is none");
        }
        return name;
    }

    /** The library's own way reserves 16 KiB for a decoder, per value. All messages have been skipped once: what a header says is there. */
    static String string(MessageUnpacker in) throws IOException, BadWireException {
        expect(in, ValueType.STRING);
        int size = in.unpackRawStringHeader();
        MessageBuffer text = in.readPayloadAsReference(size);
        return new String(text.array(), text.arrayOffset(), size, StandardCharsets.UTF_8);
    }

    long integer() throws BadWireException {
        return read(in -> {
            expect(in, ValueType.INTEGER);
            return in.unpackLong();
        });
    }

    /** A whole number, also where JavaScript wrote it as a double. */
    long whole() throws BadWireException {
        return read(in ->
                in.getNextFormat().getValueType() == ValueType.FLOAT ? (long) in.unpackDouble() : in.unpackLong());
    }

    boolean bool() throws BadWireException {
        return read(in -> {
            expect(in, ValueType.BOOLEAN);
            return in.unpackBoolean();
        });
    }

    /** Names of rooms: strings, or the whole numbers that JavaScript takes for a name as well. */
    Set<String> names() throws BadWireException {
        return names(Integer.MAX_VALUE);
    }

    /** @param most that there may be */
    Set<String> names(int most) throws BadWireException {
        return read(in -> {
            int count = arrayHeader(in);
            RoomNames.checkCount(count, most);
            return names(in, count);
        });
    }

    /** The first so many names; the rest is not looked at. */
    Set<String> firstNames(int most) throws BadWireException {
        return read(in -> names(in, Math.min(arrayHeader(in), most)));
    }

    private int arrayHeader(MessageUnpacker in) throws IOException, BadWireException {
        expect(in, ValueType.ARRAY);
        int count = in.unpackArrayHeader();
        checkCount(count);
        return count;
    }

    private static Set<String> names(MessageUnpacker in, int count) throws IOException, BadWireException {
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            boolean number = in.getNextFormat().getValueType() == ValueType.INTEGER;
            names.add(number ? in.unpackBigInteger().toString() : string(in));
        }
        return names;
    }

    /** The arguments of an event, its name first. */
    EventData event() throws BadWireException {
        List<MsgpackValue> arguments = elements();
        if (arguments.isEmpty()) {
            throw new BadWireException("an event without a name");
        }
        MsgpackValue name = arguments.get(0);
        if (name.type() == ValueType.STRING) {
            WireJson.checkEventName(name.text());
        } else {
            name.integer();
        }
        return read(MsgpackToJson::arguments);
    }

    /** An array of arguments. */
    EventData arguments() throws BadWireException {
        return read(in -> {
            expect(in, ValueType.ARRAY);
            return MsgpackToJson.arguments(in);
        });
    }

    /** This value as the only argument. */
    EventData argument() throws BadWireException {
        return read(MsgpackToJson::argument);
    }

    /** The JSON text of this value; binary values as base64. */
    String json() throws BadWireException {
        return read(MsgpackToJson::text);
    }

    /** The members of a map. */
    record Members(Map<String, MsgpackValue> byName) {

        /** Null when there is no such member, or nothing in it ({@code undefined} in JavaScript). */
        @Nullable
        MsgpackValue find(String name) throws BadWireException {
            MsgpackValue value = byName.get(name);
            return value == null || value.isNil() ? null : value;
        }

        MsgpackValue get(String name) throws BadWireException {
            MsgpackValue value = byName.get(name);
            if (value == null) {
                throw new BadWireException("no member '" + name + "'");
            }
            return value;
        }
    }
}
