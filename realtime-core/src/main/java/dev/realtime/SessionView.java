package dev.realtime;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session as seen from anywhere: what {@link Audience#fetch()} returns. A snapshot.
 *
 * @param node its home; empty where a server of another kind does not say
 * @param attributes its {@linkplain Attribute#isRecorded() recorded} attributes as JSON text, by name
 * @param connected whether its client is there now
 * @param handshake how its client has connected; null while it is away, and where a server of another kind does not say
 */
public record SessionView(
        String id,
        String node,
        Principal principal,
        Set<RoomKey> rooms,
        Map<String, String> attributes,
        boolean connected,
        @Nullable HandshakeView handshake) {}
