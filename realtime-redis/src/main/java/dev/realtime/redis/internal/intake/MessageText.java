package dev.realtime.redis.internal.intake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.realtime.spi.JsonCodec.DecodeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The text of a message, which is what a client could be sent: UTF-8, no half of a surrogate pair in an escape either, and no object that claims to be an
 * attachment, for which clients close the connection.
 */
public final class MessageText {
    private static final int ESCAPE = 6; // backslash, u, four digits
    private static final String PLACEHOLDER = "_placeholder";
    private static final JsonFactory TOKENS = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES) // names are others' choice
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private MessageText() {}

    /** @throws DecodeException if it is something else */
    public static String of(byte[] payload) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(payload))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new DecodeException("the message is not UTF-8", e);
        }
        checkSurrogates(text);
        if (text.contains(PLACEHOLDER) || text.contains("\\u")) { // as it is, or written with escapes
            checkPlaceholders(text);
        }
        return text;
    }

    /** What is no JSON passes: the codec says so. */
    private static void checkPlaceholders(String text) {
        try (JsonParser tokens = TOKENS.createParser(text)) {
            for (JsonToken token = tokens.nextToken(); token != null; token = tokens.nextToken()) {
                if (token == JsonToken.FIELD_NAME
                        && tokens.currentName().equals(PLACEHOLDER)
                        && tokens.nextToken() != JsonToken.VALUE_FALSE) {
                    throw new DecodeException("an object of the message claims to be an attachment");
                }
            }
        } catch (IOException e) {
            // no JSON
        }
    }

    private static void checkSurrogates(String text) {
        for (int i = text.indexOf('\\'); i >= 0; ) {
            int unit = escaped(text, i);
            if (unit < 0) {
                i = text.indexOf('\\', i + 2); // an escape of another kind, whose character may be a backslash
                continue;
            }
            boolean pair = Character.isHighSurrogate((char) unit)
                    && Character.isLowSurrogate((char) Math.max(0, escaped(text, i + ESCAPE)));
            if (!pair && Character.isSurrogate((char) unit)) {
                throw new DecodeException("the message has half of a surrogate pair");
            }
            i = text.indexOf('\\', i + (pair ? 2 * ESCAPE : ESCAPE));
        }
    }

    /** The code unit of an escape like {@code \\u00e9} at a place; -1 if there is none. */
    private static int escaped(String text, int at) {
        if (at + ESCAPE > text.length() || text.charAt(at) != '\\' || text.charAt(at + 1) != 'u') {
            return -1;
        }
        int unit = 0;
        for (int i = at + 2; i < at + ESCAPE; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0 || text.charAt(i) > 'f') {
                return -1;
            }
            unit = unit * 16 + digit;
        }
        return unit;
    }
}
