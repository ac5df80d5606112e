package dev.realtime.internal.json;

import com.fasterxml.jackson.core.Base64Variant;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes JSON as {@code JSON.stringify} would where Jackson differs, and lifts binary values out of it.
 *
 * <p>Whatever would be written as base64, a {@code byte[]}, a {@code ByteBuffer}, a binary node of a tree, becomes a
 * placeholder and an attachment (Socket.IO protocol v5). The bytes are copied: an application may reuse its buffer as
 * soon as it has emitted it. A number that JSON cannot hold becomes {@code null}.
 */
final class AttachmentGenerator extends JsonGeneratorDelegate {

    private final List<byte[]> attachments = new ArrayList<>(0);

    AttachmentGenerator(JsonGenerator json) {
        super(json, false);
    }

    List<byte[]> attachments() {
        return attachments.isEmpty() ? List.of() : attachments;
    }

    @Override
    public void writeBinary(Base64Variant variant, byte[] data, int offset, int length) throws IOException {
        attach(Arrays.copyOfRange(data, offset, offset + length));
    }

    @Override
    public int writeBinary(Base64Variant variant, InputStream data, int length) throws IOException {
        byte[] bytes = length < 0 ? data.readAllBytes() : data.readNBytes(length);
        attach(bytes);
        return bytes.length;
    }

    private void attach(byte[] bytes) throws IOException {
        writeStartObject();
        writeFieldName("_placeholder");
        writeBoolean(true);
        writeFieldName("num");
        writeNumber(attachments.size());
        writeEndObject();
        attachments.add(bytes);
    }

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
}
