package dev.realtime.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The types whose form on the wire is not Jackson's: instants and durations as ISO-8601 strings, and floating-point
 * numbers that are really numbers. Jackson also reads the strings {@code "NaN"} and {@code "Infinity"} into them, and
 * {@code 1e999} as infinity; a position of NaN passes every range check of a game, so all three are refused.
 */
final class WireTypes {

    private WireTypes() {}

    static SimpleModule module() {
        return new SimpleModule("realtime")
                .addSerializer(Instant.class, ToStringSerializer.instance)
                .addSerializer(Duration.class, ToStringSerializer.instance)
                .addDeserializer(Instant.class, new Iso<>(Instant.class, Instant::parse))
                .addDeserializer(Duration.class, new Iso<>(Duration.class, Duration::parse))
                .addDeserializer(double.class, new Finite<>(double.class, Double::valueOf, 0.0))
                .addDeserializer(Double.class, new Finite<>(Double.class, Double::valueOf, null))
                .addDeserializer(float.class, new Finite<>(float.class, number -> (float) number, 0f))
                .addDeserializer(Float.class, new Finite<>(Float.class, number -> (float) number, null));
    }

    private static final class Iso<T> extends StdScalarDeserializer<T> {
        private static final long serialVersionUID = 1L;

        private final transient Function<String, T> parse;

        Iso(Class<T> type, Function<String, T> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        @SuppressWarnings("unchecked")
        public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
            if (!json.hasToken(JsonToken.VALUE_STRING)) {
                return (T) context.handleUnexpectedToken(handledType(), json);
            }
            try {
                return parse.apply(json.getText());
            } catch (DateTimeException e) {
                return (T) context.handleWeirdStringValue(handledType(), "", "not ISO-8601");
            }
        }
    }

    private static final class Finite<T extends Number> extends StdScalarDeserializer<T> {
        private static final long serialVersionUID = 1L;

        private final transient DoubleFunction<T> convert;
        private final @Nullable T absent;

        Finite(Class<T> type, DoubleFunction<T> convert, @Nullable T absent) {
            super(type);
            this.convert = convert;
            this.absent = absent;
        }

        @Override
        @SuppressWarnings("unchecked")
        public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
            if (!json.hasToken(JsonToken.VALUE_NUMBER_FLOAT) && !json.hasToken(JsonToken.VALUE_NUMBER_INT)) {
                return (T) context.handleUnexpectedToken(handledType(), json);
            }
            T number = convert.apply(json.getDoubleValue());
            if (!Double.isFinite(number.doubleValue())) {
                return (T) context.handleWeirdNumberValue(handledType(), 0, "out of range");
            }
            return number;
        }

        @Override
        public @Nullable T getNullValue(DeserializationContext context) throws JsonMappingException {
            if (absent != null && context.isEnabled(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)) {
                return context.reportInputMismatch(this, "null for a primitive");
            }
            return absent;
        }
    }
}
