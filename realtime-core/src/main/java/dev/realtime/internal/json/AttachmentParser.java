package dev.realtime.internal.json;

import com.fasterxml.jackson.core.Base64Variant;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows every placeholder object as the attachment it stands for, so that Jackson's own readers of {@code byte[]},
 * {@code ByteBuffer}, trees and untyped values find a binary value there. Used only for packets that have attachments.
 */
@SuppressWarnings("InlineMeSuggester") // Jackson still calls the deprecated names
final class AttachmentParser extends JsonParserDelegate {

    private final Placeholders placeholders;
    private final List<byte[]> attachments;
    /** The attachment the current token stands for. */
    private byte @Nullable [] current;

    /** @param placeholders those of the text that the parser reads */
    AttachmentParser(JsonParser parser, Placeholders placeholders, List<byte[]> attachments) {
        super(parser);
        this.placeholders = placeholders;
        this.attachments = attachments;
    }

    @Override
    public @Nullable JsonToken nextToken() throws IOException {
        current = null;
        JsonToken token = delegate.nextToken();
        if (token != JsonToken.START_OBJECT) {
            return token;
        }
        int number = placeholders.at((int) delegate.currentTokenLocation().getCharOffset());
        if (number < 0) {
            return token;
        }
        current = attachments.get(number);
        delegate.skipChildren();
        return JsonToken.VALUE_EMBEDDED_OBJECT;
    }

    @Override
    public @Nullable JsonToken nextValue() throws IOException {
        JsonToken token = nextToken();
        return token == JsonToken.FIELD_NAME ? nextToken() : token;
    }

    @Override
    public @Nullable String nextFieldName() throws IOException {
        return nextToken() == JsonToken.FIELD_NAME ? currentName() : null;
    }

    @Override
    public boolean nextFieldName(SerializableString name) throws IOException {
        return nextToken() == JsonToken.FIELD_NAME && name.getValue().equals(currentName());
    }

    @Override
    public @Nullable String nextTextValue() throws IOException {
        return nextToken() == JsonToken.VALUE_STRING ? getText() : null;
    }

    @Override
    public JsonParser skipChildren() throws IOException {
        if (current == null) {
            delegate.skipChildren();
        }
        return this;
    }

    @Override
    public @Nullable JsonToken currentToken() {
        return current == null ? delegate.currentToken() : JsonToken.VALUE_EMBEDDED_OBJECT;
    }

    @Override
    @Deprecated
    public @Nullable JsonToken getCurrentToken() {
        return currentToken();
    }

    @Override
    public int currentTokenId() {
        return current == null ? delegate.currentTokenId() : JsonToken.VALUE_EMBEDDED_OBJECT.id();
    }

    @Override
    @Deprecated
    public int getCurrentTokenId() {
        return currentTokenId();
    }

    @Override
    public boolean hasToken(JsonToken token) {
        return currentToken() == token;
    }

    @Override
    public boolean hasTokenId(int id) {
        return currentTokenId() == id;
    }

    @Override
    public boolean isExpectedStartObjectToken() {
        return currentToken() == JsonToken.START_OBJECT;
    }

    @Override
    public boolean isExpectedStartArrayToken() {
        return currentToken() == JsonToken.START_ARRAY;
    }

    @Override
    public boolean isExpectedNumberIntToken() {
        return current == null && delegate.isExpectedNumberIntToken();
    }

    @Override
    public boolean isNaN() throws IOException {
        return current == null && delegate.isNaN();
    }

    @Override
    public @Nullable Object getEmbeddedObject() throws IOException {
        return current == null ? delegate.getEmbeddedObject() : current;
    }

    @Override
    public byte[] getBinaryValue(Base64Variant variant) throws IOException {
        return current == null ? delegate.getBinaryValue(variant) : current;
    }

    @Override
    public @Nullable String getValueAsString() throws IOException {
        return current == null ? delegate.getValueAsString() : null;
    }

    @Override
    public @Nullable String getValueAsString(@Nullable String fallback) throws IOException {
        return current == null ? delegate.getValueAsString(fallback) : fallback;
    }
}
