package dev.realtime.internal.client;

import dev.realtime.spi.Ids;
import dev.realtime.spi.JsonCodec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client says with its CONNECT.
 *
 * @param auth for the application; members that are null stay
 * @param privateId the session that it wants back, or null
 * @param offset the last that it has seen, or null
 */
record ConnectPayload(
        Map<String, Object> auth,
        @Nullable String privateId,
        @Nullable String offset) {

    /** Whether it asks for a session of before, by what may be the name of one. */
    boolean wantsItsSession() {
        return privateId != null && Ids.isId(privateId);
    }

    /**
     * Reads it.
     *
     * @param recovering whether {@code pid} and {@code offset} are the engine's own; they are the application's otherwise
     * @throws JsonCodec.DecodeException if it is no JSON object that may be read
     */
    @SuppressWarnings("unchecked") // the codec was asked for a JSON object
    static ConnectPayload read(String data, JsonCodec json, boolean recovering) {
        Object read = data.isEmpty() ? null : json.decode(data, List.of(), Map.class);
        Map<String, Object> auth =
                read == null ? new LinkedHashMap<>() : new LinkedHashMap<>((Map<String, Object>) read);
        String privateId = null;
        String offset = null;
        if (recovering) {
            privateId = auth.remove("pid") instanceof String text ? text : null;
            offset = auth.remove("offset") instanceof String text ? text : null;
        }
        return new ConnectPayload(Collections.unmodifiableMap(auth), privateId, offset);
    }
}
