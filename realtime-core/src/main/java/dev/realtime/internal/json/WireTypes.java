package dev.realtime.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The types whose form on the wire is not Jackson's. */
final class WireTypes {

    private WireTypes() {}

    /**
     * Floating-point numbers that are really numbers. Jackson also reads the strings {@code "NaN"} and {@code "Infinity"} into them, and
     * {@code 1e999} as infinity; a position of NaN passes every range check of a game, so all three are refused.
     */
    static Module finiteNumbers() {
        return new SimpleModule("realtime-numbers")
                .addDeserializer(double.class, new Finite<>(double.class, Double::valueOf, 0.0))
                .addDeserializer(Double.class, new Finite<>(Double.class, Double::valueOf, null))
                .addDeserializer(float.class, new Finite<>(float.class, number -> (float) number, 0f))
                .addDeserializer(Float.class, new Finite<>(Float.class, number -> (float) number, null));
    }

    /** Dates, times and what belongs to them as ISO-8601 strings and nothing else, also as keys of maps; the {@code Optional} types. */
    static Module everyday() {
        SimpleModule module = new OptionalModule();
        iso(module, Instant.class, Instant::parse);
        iso(module, Duration.class, Duration::parse);
        iso(module, Period.class, Period::parse);
        iso(module, LocalDate.class, LocalDate::parse);
        iso(module, LocalTime.class, LocalTime::parse);
        iso(module, LocalDateTime.class, LocalDateTime::parse);
        iso(module, OffsetTime.class, OffsetTime::parse);
        iso(module, OffsetDateTime.class, OffsetDateTime::parse);
        iso(module, ZonedDateTime.class, ZonedDateTime::parse);
        iso(module, Year.class, Year::parse);
        iso(module, YearMonth.class, YearMonth::parse);
        iso(module, MonthDay.class, MonthDay::parse);
        iso(module, ZoneOffset.class, ZoneOffset::of);
        iso(module, ZoneId.class, ZoneId::of);
        return module;
    }

    private static <T> void iso(SimpleModule module, Class<T> type, Function<String, T> parse) {
        module.addSerializer(type, ToStringSerializer.instance);
        module.addDeserializer(type, new Iso<>(type, parse));
        module.addKeyDeserializer(type, new IsoKey(type, parse));
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

    private static final class IsoKey extends KeyDeserializer {
        private final Class<?> type;
        private final Function<String, ?> parse;

        IsoKey(Class<?> type, Function<String, ?> parse) {
            this.type = type;
            this.parse = parse;
        }

        @Override
        public @Nullable Object deserializeKey(String key, DeserializationContext context) throws IOException {
            try {
                return parse.apply(key);
            } catch (DateTimeException e) {
                return context.handleWeirdKey(type, "", "not ISO-8601");
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
