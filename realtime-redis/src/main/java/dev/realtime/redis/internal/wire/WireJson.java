package dev.realtime.redis.internal.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The bounds of what is read, and JSON within them. */
final class WireJson {
    /** Of arrays and objects; deeper than anything the engine writes (Jackson's 1000) in its envelope. */
    static final int MAX_DEPTH = 1_010;
    /** Of a message, an entry or a record in all. */
    static final int MAX_BYTES = 64 << 20;

    static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW) // names are of clients' making
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    // the entry as a whole is bounded; a second bound could only refuse what another node could write
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .streamWriteConstraints(
                    StreamWriteConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    /** Names for which the official clients close the connection when a server sends them. */
    private static final Set<String> RESERVED =
            Set.of("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener");

    private WireJson() {}

    static void checkSize(int bytes) throws BadWireException {
        if (bytes > MAX_BYTES) {
            throw new BadWireException("larger than " + MAX_BYTES + " bytes");
        }
    }

    /** Invalid UTF-8 would end every connection that it is written to. */
    static void checkUtf8(byte[] text) throws BadWireException {
        int i = 0;
        while (i < text.length && text[i] >= 0) {
            i++;
        }
        if (i < text.length) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text, i, text.length - i));
            } catch (CharacterCodingException e) {
                throw new BadWireException("not UTF-8", e);
            }
        }
    }

    static void checkEventName(String name) throws BadWireException {
        if (RESERVED.contains(name)) {
            throw new BadWireException("a reserved event name");
        }
    }
}
