package dev.realtime.redis.internal.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What a real Node.js server has written: the fixtures that {@code src/test/js/fixtures.mjs} recorded. */
final class Upstream {
    static final ObjectMapper JSON = new ObjectMapper();
    static final JsonNode FIXTURES = read();

    private Upstream() {}

    private static JsonNode read() {
        try (InputStream in = Upstream.class.getResourceAsStream("/wire/upstream.json")) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<JsonNode> messages(String name) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode message : FIXTURES.get("messages")) {
            if (message.get("name").textValue().equals(name)) {
                found.add(message);
            }
        }
        return found;
    }

    static StreamFields entry(String name) {
        JsonNode fields = messages(name).get(0).get("fields");
        return new StreamFields(
                fields.get("uid").textValue(),
                fields.get("nsp").textValue(),
                Integer.parseInt(fields.get("type").textValue()),
                fields.get("data").textValue().getBytes(UTF_8));
    }

    static byte[] payload(String name, int index) {
        return Base64.getDecoder()
                .decode(messages(name).get(index).get("payload").textValue());
    }

    static byte[] payload(String name) {
        return payload(name, 0);
    }

    static JsonNode tree(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode tree(String json) {
        return tree(json.getBytes(UTF_8));
    }
}
