package dev.realtime.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.spi.EventData;
import dev.realtime.spi.JsonCodec;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON without attachments, by one mapper for all engines of all runs: an engine's own takes longer to warm up than a run. */
final class SharedMapperCodec implements JsonCodec {
    static final SharedMapperCodec INSTANCE = new SharedMapperCodec();

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private SharedMapperCodec() {}

    @Override
    public EventData encode(@Nullable String event, List<? extends @Nullable Object> arguments) {
        List<@Nullable Object> all = new ArrayList<>();
        if (event != null) {
            all.add(event);
        }
        all.addAll(arguments);
        try {
            return new EventData(MAPPER.writeValueAsBytes(all), List.of());
        } catch (JsonProcessingException e) {
            throw new EncodeException("no JSON: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public @Nullable Object decode(String json, List<byte[]> attachments, Type type) {
        try {
            return MAPPER.readValue(json, MAPPER.constructType(type));
        } catch (JsonProcessingException e) {
            throw new DecodeException("not a " + type.getTypeName());
        }
    }
}
