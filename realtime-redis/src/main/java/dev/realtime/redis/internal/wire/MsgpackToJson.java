package dev.realtime.redis.internal.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import dev.realtime.spi.EventData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.ExtensionTypeHeader;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/**
 * Rewrites msgpack as the JSON that {@code JSON.stringify} would give: nil is null, numbers that JSON cannot hold are null, a date is its
 * ISO text. Binary values become attachments.
 */
final class MsgpackToJson {
    private static final byte TIMESTAMP = -1;
    /** Always three digits of a second, and six of a year that has not four, like {@code Date.toISOString}. */
    private static final DateTimeFormatter WITHIN_YEAR =
            DateTimeFormatter.ofPattern("-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT);

    private final MessageUnpacker in;
    private final JsonGenerator out;
    private final @Nullable List<byte[]> attachments; // null: binary values become base64
    private boolean forged;

    private MsgpackToJson(MessageUnpacker in, JsonGenerator out, @Nullable List<byte[]> attachments) {
        this.in = in;
        this.out = out;
        this.attachments = attachments;
    }

    static EventData arguments(MessageUnpacker in) throws IOException, BadWireException {
        return event(in, false);
    }

    static EventData argument(MessageUnpacker in) throws IOException, BadWireException {
        return event(in, true);
    }

    private static EventData event(MessageUnpacker in, boolean alone) throws IOException, BadWireException {
        List<byte[]> attachments = new ArrayList<>(0);
        byte[] json = convert(in, attachments, alone);
        return new EventData(json, attachments.isEmpty() ? List.of() : attachments);
    }

    static String text(MessageUnpacker in) throws IOException, BadWireException {
        return new String(convert(in, null, false), StandardCharsets.UTF_8);
    }

    private static byte[] convert(MessageUnpacker in, @Nullable List<byte[]> attachments, boolean bracketed)
            throws IOException, BadWireException {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder()) {
            try (JsonGenerator out = WireJson.FACTORY.createGenerator(bytes)) {
                MsgpackToJson pass = new MsgpackToJson(in, out, attachments);
                if (bracketed) {
                    out.writeStartArray();
                }
                pass.value(0);
                if (bracketed) {
                    out.writeEndArray();
                }
                if (pass.forged && attachments != null && !attachments.isEmpty()) {
                    // it would point to another value's attachment, or to none, for which clients end the connection
                    throw new BadWireException("a value claims to be an attachment");
                }
            }
            return bytes.toByteArray();
        }
    }

    private void value(int depth) throws IOException, BadWireException {
        if (depth > WireJson.MAX_DEPTH) {
            throw new BadWireException("deeper than " + WireJson.MAX_DEPTH);
        }
        switch (in.getNextFormat()) {
            case UINT64 -> out.writeNumber(in.unpackBigInteger());
            case FLOAT32, FLOAT64 -> number(in.unpackDouble());
            default -> {
                ValueType type = in.getNextFormat().getValueType();
                switch (type) {
                    case NIL -> {
                        in.unpackNil();
                        out.writeNull();
                    }
                    case BOOLEAN -> out.writeBoolean(in.unpackBoolean());
                    case INTEGER -> out.writeNumber(in.unpackLong());
                    case STRING -> out.writeString(MsgpackValue.string(in));
                    case BINARY -> binary();
                    case ARRAY -> array(depth);
                    case MAP -> map(depth);
                    default -> extension();
                }
            }
        }
    }

    private void number(double number) throws IOException {
        if (Double.isFinite(number)) {
            out.writeNumber(number);
        } else {
            out.writeNull();
        }
    }

    private void binary() throws IOException, BadWireException {
        int length = in.unpackBinaryHeader();
        byte[] bytes = in.readPayload(length); // skipping the message has shown that they are there
        if (attachments == null) {
            out.writeString(Base64.getEncoder().encodeToString(bytes));
            return;
        }
        if (attachments.size() == EventData.MAX_ATTACHMENTS) {
            throw new BadWireException("more attachments than clients take");
        }
        out.writeStartObject();
        out.writeBooleanField("_placeholder", true);
        out.writeNumberField("num", attachments.size());
        out.writeEndObject();
        attachments.add(bytes);
    }

    private void array(int depth) throws IOException, BadWireException {
        int count = in.unpackArrayHeader();
        out.writeStartArray();
        for (int i = 0; i < count; i++) {
            value(depth + 1);
        }
        out.writeEndArray();
    }

    private void map(int depth) throws IOException, BadWireException {
        int count = in.unpackMapHeader();
        out.writeStartObject();
        for (int i = 0; i < count; i++) {
            if (in.getNextFormat().getValueType() != ValueType.STRING) {
                throw new BadWireException("a name that is not a string");
            }
            String name = MsgpackValue.string(in);
            forged |= name.equals("_placeholder");
            out.writeFieldName(name);
            value(depth + 1);
        }
        out.writeEndObject();
    }

    private void extension() throws IOException, BadWireException {
        ExtensionTypeHeader header = in.unpackExtensionTypeHeader();
        if (header.getType() != TIMESTAMP) {
            throw new BadWireException("an extension that JSON does not know");
        }
        OffsetDateTime date = in.unpackTimestamp(header).atOffset(ZoneOffset.UTC);
        int year = date.getYear();
        String era = String.format(Locale.ROOT, year >= 0 && year <= 9999 ? "%04d" : "%+07d", year);
        out.writeString(era + WITHIN_YEAR.format(date));
    }
}
