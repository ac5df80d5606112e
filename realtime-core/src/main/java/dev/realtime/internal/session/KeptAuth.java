package dev.realtime.internal.session;

import dev.realtime.Handshake;
import dev.realtime.spi.EventData;
import dev.realtime.spi.JsonCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What a session keeps of the {@code auth} payload of its client: its JSON text, which takes a tenth of the room that its values would, and only if it is
 * short. Immutable.
 */
final class KeptAuth {
    /** Of a client that gave none. */
    static final KeptAuth NONE = new KeptAuth(new byte[0]);

    private final byte[] text; // an array of one value, as the codec writes it

    private KeptAuth(byte[] text) {
        this.text = text;
    }

    /** Nothing, if it is longer than is kept, or holds what has no text. */
    static KeptAuth of(JsonCodec json, Map<String, Object> auth) {
        if (auth.isEmpty()) {
            return NONE;
        }
        EventData data;
        try {
            data = json.encode(null, List.of(auth));
        } catch (JsonCodec.EncodeException e) {
            return NONE; // deeper than what leaves may be, for one
        }
        boolean kept = data.json().length <= Handshake.MAX_KEPT_AUTH + 2
                && data.attachments().isEmpty();
        return kept ? new KeptAuth(data.json()) : NONE;
    }

    @SuppressWarnings("unchecked") // the codec was asked for a JSON object
    Map<String, Object> read(JsonCodec json) {
        if (text.length == 0) {
            return Map.of();
        }
        String value = new String(text, 1, text.length - 2, StandardCharsets.UTF_8);
        Object auth = json.decodeOwn(value, Map.class);
        return auth == null ? Map.of() : (Map<String, Object>) auth;
    }
}
