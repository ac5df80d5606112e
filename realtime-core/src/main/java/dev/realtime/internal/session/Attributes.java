package dev.realtime.internal.session;

import dev.realtime.Attribute;
import dev.realtime.spi.JsonCodec;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a session remembers. Values that came with a record stay text until somebody asks with a type. */
final class Attributes {
    private final JsonCodec json;
    // guarded by this; null while empty
    private @Nullable Map<String, Object> local;
    private @Nullable Map<String, Object> recorded;

    /** A recorded value as it came from another node. */
    private record Unread(String json) {}

    Attributes(JsonCodec json, Map<String, String> fromRecord) {
        this.json = json;
        if (!fromRecord.isEmpty()) {
            Map<String, Object> unread = new HashMap<>();
            fromRecord.forEach((name, text) -> unread.put(name, new Unread(text)));
            recorded = unread;
        }
    }

    synchronized <T> @Nullable T get(Attribute<T> attribute) {
        Map<String, Object> values = attribute.isRecorded() ? recorded : local;
        Object value = values == null ? null : values.get(attribute.name());
        if (value instanceof Unread unread && values != null) {
            value = json.decodeOwn(unread.json, attribute.type());
            if (value != null) {
                values.put(attribute.name(), value);
            }
        }
        return value == null ? null : cast(attribute, value);
    }

    /** @throws ClassCastException if another attribute of the same name has put something else there */
    @SuppressWarnings("unchecked") // as far as can be told
    private static <T> T cast(Attribute<T> attribute, Object value) {
        return attribute.type() instanceof Class<?> type ? (T) type.cast(value) : (T) value;
    }

    synchronized <T> void set(Attribute<T> attribute, @Nullable T value) {
        Map<String, Object> values = attribute.isRecorded() ? recorded : local;
        if (value == null) {
            if (values != null) {
                values.remove(attribute.name());
            }
            return;
        }
        if (values == null) {
            values = new HashMap<>(4);
            if (attribute.isRecorded()) {
                recorded = values;
            } else {
                local = values;
            }
        }
        values.put(attribute.name(), value);
    }

    /** The recorded values as JSON text. */
    synchronized Map<String, String> record() {
        if (recorded == null || recorded.isEmpty()) {
            return Map.of();
        }
        Map<String, String> texts = new HashMap<>();
        recorded.forEach((name, value) -> texts.put(name, value instanceof Unread unread ? unread.json : text(value)));
        return Collections.unmodifiableMap(texts);
    }

    /** The codec writes arrays of arguments: the text of one value is what stands between the brackets. */
    private String text(Object value) {
        String array = new String(json.encode(null, List.of(value)).json(), StandardCharsets.UTF_8);
        return array.substring(1, array.length() - 1);
    }
}
