package dev.realtime.testkit;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.time.ZoneId;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a client writes the types that have a form of their own on the wire: dates and times as text, an {@code Optional} as its value or null. */
final class ClientTypes {
    private ClientTypes() {}

    static Module module() {
        return new SimpleModule("testkit-client")
                .addSerializer(TemporalAccessor.class, ToStringSerializer.instance)
                .addSerializer(TemporalAmount.class, ToStringSerializer.instance)
                .addSerializer(ZoneId.class, ToStringSerializer.instance)
                .addSerializer(Optional.class, new Content(value -> ((Optional<?>) value).orElse(null)))
                .addSerializer(OptionalInt.class, new Content(value -> {
                    OptionalInt number = (OptionalInt) value;
                    return number.isPresent() ? number.getAsInt() : null;
                }))
                .addSerializer(OptionalLong.class, new Content(value -> {
                    OptionalLong number = (OptionalLong) value;
                    return number.isPresent() ? number.getAsLong() : null;
                }))
                .addSerializer(OptionalDouble.class, new Content(value -> {
                    OptionalDouble number = (OptionalDouble) value;
                    return number.isPresent() ? number.getAsDouble() : null;
                }));
    }

    /** Writes what is in a value, as what it is. */
    private static final class Content extends JsonSerializer<Object> {
        private final Function<Object, @Nullable Object> content;

        Content(Function<Object, @Nullable Object> content) {
            this.content = content;
        }

        @Override
        public void serialize(Object value, JsonGenerator json, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(content.apply(value), json);
        }
    }
}
