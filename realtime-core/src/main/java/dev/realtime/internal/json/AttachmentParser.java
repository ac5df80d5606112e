package dev.realtime.internal.json;

import com.fasterxml.jackson.core.Base64Variant;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Shows every placeholder object as the attachment it stands for, so that Jackson's own readers of {@code byte[]},
 * {@code ByteBuffer}, trees and untyped values find a binary value there. Clients write the two members of a placeholder
 * in either order. Used only for packets that have attachments.
 */
@SuppressWarnings("InlineMeSuggester") // Jackson still calls the deprecated names
final class AttachmentParser extends JsonParserDelegate {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\s*+(?:"
            + "\"_placeholder\"\\s*+:\\s*+true\\s*+,\\s*+\"num\"\\s*+:\\s*+(-?\\d++)"
            + "|\"num\"\\s*+:\\s*+(-?\\d++)\\s*+,\\s*+\"_placeholder\"\\s*+:\\s*+true"
            + ")\\s*+\\}");

    /** Something that claims to be a placeholder and is none. */
    private static final Pattern CLAIM = Pattern.compile("\\{\\s*+\"_placeholder\"\\s*+:\\s*+true\\b");

    private final Matcher matcher;
    private final Matcher claim;
    private final List<byte[]> attachments;
    /** The attachment the current token stands for. */
    private byte @Nullable [] current;

    AttachmentParser(JsonParser parser, String json, List<byte[]> attachments) {
        super(parser);
        this.matcher = PLACEHOLDER.matcher(json);
        this.claim = CLAIM.matcher(json);
        this.attachments = attachments;
    }

    @Override
    public @Nullable JsonToken nextToken() throws IOException {
        current = null;
        JsonToken token = delegate.nextToken();
        if (token != JsonToken.START_OBJECT) {
            return token;
        }
        int at = (int) delegate.currentTokenLocation().getCharOffset();
        matcher.region(at, matcher.regionEnd());
        if (!matcher.lookingAt()) {
            if (claim.region(at, claim.regionEnd()).lookingAt()) {
                throw new JsonParseException(this, "placeholder without a number");
            }
            return token;
        }
        current = attachment(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        delegate.skipChildren();
        return JsonToken.VALUE_EMBEDDED_OBJECT;
    }

    private byte[] attachment(String digits) throws JsonParseException {
        int num = digits.startsWith("-") || digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
        if (num >= attachments.size()) {
            throw new JsonParseException(this, "placeholder out of range");
        }
        return attachments.get(num);
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
