package dev.realtime.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.Deserializers;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.deser.std.ReferenceTypeDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.Serializers;
import com.fasterxml.jackson.databind.ser.std.ReferenceTypeSerializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.type.ReferenceType;
import com.fasterxml.jackson.databind.type.TypeBindings;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.type.TypeModifier;
import com.fasterxml.jackson.databind.util.NameTransformer;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code Optional}, {@code OptionalInt}, {@code OptionalLong} and {@code OptionalDouble}: the value, or null; what is null or missing is
 * empty.
 */
final class OptionalModule extends SimpleModule {
    private static final long serialVersionUID = 1L;

    OptionalModule() {
        super("realtime-optional");
        addSerializer(
                OptionalInt.class,
                new OfNumber<>(OptionalInt.class, value -> value.isPresent() ? value.getAsInt() : null));
        addSerializer(
                OptionalLong.class,
                new OfNumber<>(OptionalLong.class, value -> value.isPresent() ? value.getAsLong() : null));
        addSerializer(
                OptionalDouble.class,
                new OfNumber<>(OptionalDouble.class, value -> value.isPresent() ? value.getAsDouble() : null));
        addDeserializer(
                OptionalInt.class,
                new ToNumber<>(
                        OptionalInt.class, int.class, value -> OptionalInt.of((int) value), OptionalInt.empty()));
        addDeserializer(
                OptionalLong.class,
                new ToNumber<>(
                        OptionalLong.class, long.class, value -> OptionalLong.of((long) value), OptionalLong.empty()));
        addDeserializer(
                OptionalDouble.class,
                new ToNumber<>(
                        OptionalDouble.class,
                        double.class,
                        value -> OptionalDouble.of((double) value),
                        OptionalDouble.empty()));
    }

    @Override
    public void setupModule(SetupContext context) {
        super.setupModule(context);
        context.addTypeModifier(new Holders());
        context.addSerializers(new Writers());
        context.addDeserializers(new Readers());
    }

    /** Tells Jackson that an {@code Optional} holds a value of its parameter. */
    private static final class Holders extends TypeModifier {
        @Override
        public JavaType modifyType(JavaType type, Type generic, TypeBindings bindings, TypeFactory factory) {
            return type.hasRawClass(Optional.class) && !type.isReferenceType()
                    ? ReferenceType.upgradeFrom(type, type.containedTypeOrUnknown(0))
                    : type;
        }
    }

    private static final class Writers extends Serializers.Base {
        @Override
        public @Nullable JsonSerializer<?> findReferenceSerializer(
                SerializationConfig config,
                ReferenceType type,
                BeanDescription bean,
                @Nullable TypeSerializer contentType,
                @Nullable JsonSerializer<Object> content) {
            return type.hasRawClass(Optional.class) ? new Writer(type, false, contentType, content) : null;
        }
    }

    private static final class Readers extends Deserializers.Base {
        @Override
        public @Nullable JsonDeserializer<?> findReferenceDeserializer(
                ReferenceType type,
                DeserializationConfig config,
                BeanDescription bean,
                @Nullable TypeDeserializer contentType,
                @Nullable JsonDeserializer<?> content) {
            return type.hasRawClass(Optional.class) ? new Reader(type, null, contentType, content) : null;
        }
    }

    private static final class Writer extends ReferenceTypeSerializer<Optional<?>> {
        private static final long serialVersionUID = 1L;

        Writer(
                ReferenceType type,
                boolean staticTyping,
                @Nullable TypeSerializer contentType,
                @Nullable JsonSerializer<Object> content) {
            super(type, staticTyping, contentType, content);
        }

        private Writer(
                Writer base,
                @Nullable BeanProperty property,
                @Nullable TypeSerializer contentType,
                @Nullable JsonSerializer<?> content,
                @Nullable NameTransformer unwrapper,
                @Nullable Object suppressed,
                boolean suppressNulls) {
            super(base, property, contentType, content, unwrapper, suppressed, suppressNulls);
        }

        @Override
        protected ReferenceTypeSerializer<Optional<?>> withResolved(
                @Nullable BeanProperty property,
                @Nullable TypeSerializer contentType,
                @Nullable JsonSerializer<?> content,
                @Nullable NameTransformer unwrapper) {
            return new Writer(this, property, contentType, content, unwrapper, _suppressableValue, _suppressNulls);
        }

        @Override
        public ReferenceTypeSerializer<Optional<?>> withContentInclusion(
                @Nullable Object suppressed, boolean suppressNulls) {
            return new Writer(
                    this, _property, _valueTypeSerializer, _valueSerializer, _unwrapper, suppressed, suppressNulls);
        }

        @Override
        protected boolean _isValuePresent(Optional<?> value) {
            return value.isPresent();
        }

        @Override
        protected Object _getReferenced(Optional<?> value) {
            return value.orElseThrow();
        }

        @Override
        protected @Nullable Object _getReferencedIfPresent(Optional<?> value) {
            return value.isPresent() ? value.get() : null;
        }
    }

    private static final class Reader extends ReferenceTypeDeserializer<Optional<?>> {
        private static final long serialVersionUID = 1L;

        Reader(
                JavaType type,
                @Nullable ValueInstantiator instantiator,
                @Nullable TypeDeserializer contentType,
                @Nullable JsonDeserializer<?> content) {
            super(type, instantiator, contentType, content);
        }

        @Override
        protected ReferenceTypeDeserializer<Optional<?>> withResolved(
                @Nullable TypeDeserializer contentType, @Nullable JsonDeserializer<?> content) {
            return new Reader(_fullType, _valueInstantiator, contentType, content);
        }

        @Override
        public Optional<?> getNullValue(DeserializationContext context) {
            return Optional.empty();
        }

        @Override
        public Object getEmptyValue(DeserializationContext context) {
            return Optional.empty();
        }

        @Override
        public Object getAbsentValue(DeserializationContext context) {
            return Optional.empty();
        }

        @Override
        public Optional<?> referenceValue(Object value) {
            return Optional.ofNullable(value);
        }

        @Override
        public Object getReferenced(Optional<?> reference) {
            return reference.orElseThrow();
        }

        @Override
        public Optional<?> updateReference(Optional<?> reference, Object value) {
            return Optional.ofNullable(value);
        }
    }

    private static final class OfNumber<T> extends StdSerializer<T> {
        private static final long serialVersionUID = 1L;

        private final transient Function<T, @Nullable Number> number;

        OfNumber(Class<T> type, Function<T, @Nullable Number> number) {
            super(type);
            this.number = number;
        }

        @Override
        public void serialize(T value, JsonGenerator json, SerializerProvider provider) throws IOException {
            Number present = number.apply(value);
            if (present == null) {
                json.writeNull();
            } else {
                provider.defaultSerializeValue(present, json);
            }
        }
    }

    private static final class ToNumber<T> extends StdScalarDeserializer<T> {
        private static final long serialVersionUID = 1L;

        private final Class<?> number;
        private final transient Function<Object, T> present;
        private final transient T empty;

        ToNumber(Class<T> type, Class<?> number, Function<Object, T> present, T empty) {
            super(type);
            this.number = number;
            this.present = present;
            this.empty = empty;
        }

        @Override
        public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return present.apply(context.readValue(json, number));
        }

        @Override
        public T getNullValue(DeserializationContext context) {
            return empty;
        }

        @Override
        public Object getAbsentValue(DeserializationContext context) {
            return empty;
        }
    }
}
