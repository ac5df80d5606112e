package dev.realtime.internal.json;

import com.fasterxml.jackson.core.Base64Variant;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerationException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import dev.realtime.spi.EventData;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON as {@code JSON.stringify} would where Jackson differs, lifts binary values out of it, and writes nothing that a client of any
 * kind refuses to read.
 *
 * <p>Whatever would be written as base64, a {@code byte[]}, a {@code ByteBuffer}, a binary node of a tree, becomes a
 * placeholder and an attachment (Socket.IO protocol v5). The bytes are copied: an application may reuse its buffer as
 * soon as it has emitted it. {@code NaN} and the infinities become {@code null}.
 *
 * <p>Refused, since one such event would end the connection of everybody who gets it: an object that claims to be a placeholder, more attachments
 * than clients take, numbers beyond the range of doubles. Raw text is parsed and written anew, so that it passes the same way.
 */
final class AttachmentGenerator extends JsonGeneratorDelegate {

    private final JsonFactory factory;
    private final int maxBytes;
    private final List<byte[]> attachments = new ArrayList<>(0);
    private int attachedBytes;
    /** The name of a placeholder was given for a member: nothing but false may follow, and is then written with it. */
    private boolean claims;

    /** @param maxBytes of all attachments */
    AttachmentGenerator(JsonGenerator json, JsonFactory factory, int maxBytes) {
        super(json, false);
        this.factory = factory;
        this.maxBytes = maxBytes;
    }

    List<byte[]> attachments() {
        return attachments.isEmpty() ? List.of() : attachments;
    }

    // ---- attachments

    @Override
    public void writeBinary(Base64Variant variant, byte[] data, int offset, int length) throws IOException {
        makeRoom(length);
        attach(Arrays.copyOfRange(data, offset, offset + length));
    }

    @Override
    public int writeBinary(Base64Variant variant, InputStream data, int length) throws IOException {
        makeRoom(Math.max(length, 0));
        byte[] bytes = length < 0 ? data.readNBytes(maxBytes - attachedBytes + 1) : data.readNBytes(length);
        makeRoom(bytes.length);
        attach(bytes);
        return bytes.length;
    }

    @Override
    public void writeEmbeddedObject(Object object) throws IOException {
        if (object instanceof byte[] bytes) {
            writeBinary(bytes);
        } else {
            super.writeEmbeddedObject(object);
        }
    }

    /** Before anything is copied. */
    private void makeRoom(int length) throws IOException {
        if (attachments.size() == EventData.MAX_ATTACHMENTS) {
            throw refused("more than " + EventData.MAX_ATTACHMENTS + " attachments, which clients refuse");
        }
        if (length > maxBytes - attachedBytes) {
            throw new TooLargeException(maxBytes);
        }
    }

    private void attach(byte[] bytes) throws IOException {
        writeStartObject();
        super.writeFieldName(Placeholders.NAME);
        super.writeBoolean(true);
        super.writeFieldName("num");
        super.writeNumber(attachments.size());
        writeEndObject();
        attachments.add(bytes);
        attachedBytes += bytes.length;
    }

    // ---- members that claim to be a placeholder

    @Override
    public void writeFieldName(String name) throws IOException {
        if (name.equals(Placeholders.NAME)) {
            claims = true;
        } else {
            super.writeFieldName(name);
        }
    }

    @Override
    public void writeFieldName(SerializableString name) throws IOException {
        if (name.getValue().equals(Placeholders.NAME)) {
            claims = true;
        } else {
            super.writeFieldName(name);
        }
    }

    /** Whether it was the claim that made the writing fail: without the name that it has kept back, no value fits. */
    boolean sawClaim() {
        return claims;
    }

    @Override
    public void writeBoolean(boolean value) throws IOException {
        if (claims && !value) {
            claims = false;
            super.writeFieldName(Placeholders.NAME);
        }
        super.writeBoolean(value);
    }

    // ---- numbers

    @Override
    public void writeNumber(double number) throws IOException {
        if (Double.isFinite(number)) {
            super.writeNumber(number);
        } else {
            writeNull();
        }
    }

    @Override
    public void writeNumber(float number) throws IOException {
        if (Float.isFinite(number)) {
            super.writeNumber(number);
        } else {
            writeNull();
        }
    }

    @Override
    public void writeNumber(@Nullable BigDecimal number) throws IOException {
        if (number != null
                && digitsOfUnits(number) > DoubleRange.SAFE_DIGITS
                && !Double.isFinite(number.doubleValue())) {
            throw refused("a number beyond the range of doubles, which clients refuse");
        }
        super.writeNumber(number);
    }

    /** How many digits stand in front of the point; negative for what begins further behind it. */
    private static long digitsOfUnits(BigDecimal number) {
        return (long) number.precision() - number.scale();
    }

    @Override
    public void writeNumber(@Nullable BigInteger number) throws IOException {
        if (number != null && number.bitLength() > 1_000 && !Double.isFinite(number.doubleValue())) {
            throw refused("a number beyond the range of doubles, which clients refuse");
        }
        super.writeNumber(number);
    }

    @Override
    public void writeNumber(String encoded) throws IOException {
        try {
            writeNumber(new BigDecimal(encoded));
        } catch (NumberFormatException e) {
            throw refused("a number that is none");
        }
    }

    @Override
    public void writeNumber(char[] encoded, int offset, int length) throws IOException {
        writeNumber(new String(encoded, offset, length));
    }

    // ---- text that a serializer has made by itself

    @Override
    public void writeRawValue(String text) throws IOException {
        try (JsonParser json = factory.createParser(text)) {
            if (json.nextToken() == null) {
                throw refused("raw text without a value");
            }
            copyCurrentStructure(json);
            if (json.nextToken() != null) {
                throw refused("raw text of more than one value");
            }
        }
    }

    @Override
    public void writeRawValue(String text, int offset, int length) throws IOException {
        writeRawValue(text.substring(offset, offset + length));
    }

    @Override
    public void writeRawValue(char[] text, int offset, int length) throws IOException {
        writeRawValue(new String(text, offset, length));
    }

    @Override
    public void writeRawValue(SerializableString text) throws IOException {
        writeRawValue(text.getValue());
    }

    @Override
    public void writeUTF8String(byte[] text, int offset, int length) throws IOException {
        writeString(new String(text, offset, length, StandardCharsets.UTF_8));
    }

    @Override
    public void writeRawUTF8String(byte[] text, int offset, int length) throws IOException {
        throw refused("raw text that is no value");
    }

    @Override
    public void writeRaw(String text) throws IOException {
        throw refused("raw text that is no value");
    }

    @Override
    public void writeRaw(String text, int offset, int length) throws IOException {
        throw refused("raw text that is no value");
    }

    @Override
    public void writeRaw(SerializableString text) throws IOException {
        throw refused("raw text that is no value");
    }

    @Override
    public void writeRaw(char[] text, int offset, int length) throws IOException {
        throw refused("raw text that is no value");
    }

    @Override
    public void writeRaw(char c) throws IOException {
        throw refused("raw text that is no value");
    }

    private JsonGenerationException refused(String why) {
        return new JsonGenerationException(why, this);
    }
}
