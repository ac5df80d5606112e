package dev.realtime.redis.internal.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.Principal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A principal as a map. */
final class Principals {
    private static final ObjectMapper JSON = new ObjectMapper(WireJson.FACTORY);

    private Principals() {}

    static void write(Principal principal, MsgpackWriter out) {
        Instant expires = principal.expires();
        out.map(6);
        out.string("id").string(principal.id());
        out.string("roles").strings(principal.roles());
        out.string("permissions").strings(principal.permissions());
        out.string("claims");
        JsonToMsgpack.value(claims(principal), out);
        out.string("expires");
        if (expires == null) {
            out.nil();
        } else {
            out.string(expires.toString());
        }
        out.string("anonymous").bool(principal.anonymous());
    }

    private static String claims(Principal principal) {
        try {
            return JSON.writeValueAsString(principal.claims());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a claim is not a JSON value", e);
        }
    }

    static Principal read(MsgpackValue value) throws BadWireException {
        MsgpackValue.Members members = value.members();
        MsgpackValue expires = members.find("expires");
        try {
            return new Principal(
                    members.get("id").text(),
                    members.get("roles").names(),
                    members.get("permissions").names(),
                    readClaims(members.get("claims").json()),
                    expires == null ? null : Instant.parse(expires.text()),
                    members.get("anonymous").bool());
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new BadWireException("a principal that cannot be", e);
        }
    }

    @SuppressWarnings("unchecked") // JSON's names are strings
    private static Map<String, Object> readClaims(String json) throws BadWireException {
        try {
            Map<String, @Nullable Object> claims = JSON.readValue(json, LinkedHashMap.class);
            claims.values().removeIf(Objects::isNull);
            return (Map<String, Object>) (Map<String, ?>) claims;
        } catch (JsonProcessingException e) {
            throw new BadWireException("claims that are not a map", e);
        }
    }
}
