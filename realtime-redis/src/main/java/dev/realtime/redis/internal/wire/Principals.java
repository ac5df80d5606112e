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

/** A principal as a map. Older nodes know its first six members alone; the others are written where there is something to say. */
final class Principals {
    private static final ObjectMapper JSON = new ObjectMapper(WireJson.FACTORY);

    private Principals() {}

    static void write(Principal principal, MsgpackWriter out) {
        Instant expires = principal.expiresAt().orElse(null);
        String tokenId = principal.tokenId().orElse(null);
        Instant issued = principal.issuedAt().orElse(null);
        out.map(6 + (tokenId == null ? 0 : 1) + (issued == null ? 0 : 1));
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
        if (tokenId != null) {
            out.string("token").string(tokenId);
        }
        if (issued != null) {
            out.string("issued").string(issued.toString());
        }
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
        MsgpackValue tokenId = members.find("token");
        MsgpackValue issued = members.find("issued");
        try {
            String id = members.get("id").text();
            Principal principal = (members.get("anonymous").bool() ? Principal.anonymous(id) : Principal.of(id))
                    .roles(members.get("roles").names())
                    .permissions(members.get("permissions").names())
                    .claims(readClaims(members.get("claims").json()));
            principal = tokenId == null ? principal : principal.tokenId(tokenId.text());
            principal = issued == null ? principal : principal.issuedAt(Instant.parse(issued.text()));
            return expires == null ? principal : principal.expiresAt(Instant.parse(expires.text()));
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
