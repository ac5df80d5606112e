package dev.realtime.testkit.backend;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The bytes of what log entries, session records and messages consist of. */
final class ValueBytes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> CLAIMS = new TypeReference<>() {};

    private ValueBytes() {}

    static void target(ByteWriter out, Target target) {
        out.strings(target.rooms());
        out.strings(target.except());
        out.optional(target.node());
    }

    static Target target(ByteReader in) {
        return new Target(in.strings(), in.strings(), in.optional());
    }

    static void event(ByteWriter out, EventData event) {
        out.array(event.json());
        out.number(event.attachments().size());
        event.attachments().forEach(out::array);
    }

    static EventData event(ByteReader in) {
        byte[] json = in.array();
        List<byte[]> attachments = new ArrayList<>();
        for (long left = in.number(); left > 0; left--) {
            attachments.add(in.array());
        }
        return new EventData(json, List.copyOf(attachments));
    }

    static void principal(ByteWriter out, Principal principal) {
        out.text(principal.id());
        out.strings(principal.roles());
        out.strings(principal.permissions());
        try {
            out.text(principal.claims().isEmpty() ? "" : JSON.writeValueAsString(new TreeMap<>(principal.claims())));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the claims of a principal are JSON values", e);
        }
        out.optional(principal.tokenId().orElse(null));
        out.optional(principal.issuedAt().map(Instant::toString).orElse(null));
        out.optional(principal.expiresAt().map(Instant::toString).orElse(null));
        out.flag(principal.anonymous());
    }

    static Principal principal(ByteReader in) {
        String id = in.text();
        Set<String> roles = in.strings();
        Set<String> permissions = in.strings();
        String claims = in.text();
        String token = in.optional();
        String issued = in.optional();
        String expires = in.optional();
        try {
            Principal principal = (in.flag() ? Principal.anonymous(id) : Principal.of(id))
                    .roles(roles)
                    .permissions(permissions)
                    .claims(claims.isEmpty() ? Map.of() : JSON.readValue(claims, CLAIMS));
            principal = token == null ? principal : principal.tokenId(token);
            principal = issued == null ? principal : principal.issuedAt(Instant.parse(issued));
            return expires == null ? principal : principal.expiresAt(Instant.parse(expires));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not the claims of a principal", e);
        }
    }

    static void texts(ByteWriter out, Map<String, String> texts) {
        out.number(texts.size());
        new TreeMap<>(texts).forEach((name, value) -> {
            out.text(name);
            out.text(value);
        });
    }

    static Map<String, String> texts(ByteReader in) {
        Map<String, String> texts = new TreeMap<>();
        for (long left = in.number(); left > 0; left--) {
            texts.put(in.text(), in.text());
        }
        return Collections.unmodifiableMap(texts);
    }

    static void position(ByteWriter out, Position position) {
        out.number(position.time());
        out.number(position.sequence());
    }

    static Position position(ByteReader in) {
        return new Position(in.number(), in.number());
    }
}
