package dev.realtime.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.introspect.AnnotationIntrospectorPair;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.realtime.spi.EventData;
import dev.realtime.spi.JsonCodec;
import java.io.IOException;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The codec on Jackson. Its rules, where Jackson leaves a choice:
 *
 * <ul>
 *   <li>Unknown properties are ignored, so that a newer client can talk to an older server. A key given twice, text behind
 *       the value, and a component of a record that is missing or null are refused, unless it is optional ({@link Nullness}).
 *   <li>Nothing is converted silently: {@code "1"} is no number, {@code 1} no string, {@code 1.5} no {@code int}, {@code 0}
 *       no enum constant. Floating-point numbers must be finite (see {@link WireTypes}).
 *   <li>Binary values are attachments; base64 strings and attachments are read as either. An attachment read into {@code byte[]} is the
 *       received array itself.
 *   <li>Dates, times, durations are ISO-8601 strings; an {@code Optional} is its value or null.
 *   <li>Keys such as {@code __proto__} and {@code constructor} mean nothing in Java: a record ignores them like any key it
 *       does not know, a map or a tree holds them as plain keys. No key ever chooses a class.
 *   <li>Surrogates without a partner leave as U+FFFD. On the way in they have been replaced before the text gets here
 *       ({@link LoneSurrogates}).
 *   <li>Nothing leaves that a client of any kind refuses to read ({@link AttachmentGenerator}).
 * </ul>
 *
 * <p>A mapper of the application's own brings its own rules of binding; what is said here of components, attachments, finite numbers, keys
 * given twice and of what leaves holds for it too.
 *
 * <p>Error messages name the place and what was expected there, never what the client sent. The cause of a
 * {@link DecodeException} is left out for the same reason: Jackson's messages quote the input.
 */
public final class JacksonCodec implements JsonCodec {
    /** Of arrays and objects in what leaves, the outermost array included: the .NET clients read no more. */
    private static final int MAX_DEPTH_OUT = 64;

    private final ObjectMapper mapper;
    private final JsonFactory factory;
    private final int maxDepth;
    private final int maxBytes;
    private final ObjectWriter writer;
    private final ObjectMapper lenient;
    /** One reader for each type the application has declared, so the map is as large as its contracts. */
    private final Map<Type, ObjectReader> readers = new ConcurrentHashMap<>();

    /**
     * @param maxDepth how deep arrays and objects may be nested in one value, at least 1
     */
    public JacksonCodec(int maxDepth) {
        this(maxDepth, List.of());
    }

    private JacksonCodec(int maxDepth, List<Module> modules) {
        this(mapper(modules), maxDepth, Integer.MAX_VALUE);
    }

    private JacksonCodec(ObjectMapper mapper, int maxDepth, int maxBytes) {
        this.lenient = mapper;
        this.mapper = requiring(mapper);
        this.maxDepth = maxDepth;
        this.maxBytes = maxBytes;
        this.factory = factory(maxDepth, mapper.getFactory().streamReadConstraints());
        this.factory.setCodec(this.mapper);
        this.writer = this.mapper
                .writer()
                .without(SerializationFeature.FLUSH_AFTER_WRITE_VALUE, SerializationFeature.INDENT_OUTPUT);
    }

    /** With modules of the application. */
    public static JacksonCodec with(List<Module> modules) {
        return new JacksonCodec(MAX_DEPTH_OUT, modules);
    }

    /** On a copy of the application's mapper. */
    public static JacksonCodec of(ObjectMapper mapper) {
        return new JacksonCodec(
                mapper.copy().registerModule(WireTypes.finiteNumbers()), MAX_DEPTH_OUT, Integer.MAX_VALUE);
    }

    /**
     * The same within the bounds of an engine.
     *
     * @param depth how deep arrays and objects may be nested in one value that is read
     * @param bytes of what is encoded
     */
    public JacksonCodec within(int depth, int bytes) {
        return new JacksonCodec(lenient, depth, bytes);
    }

    private static JsonFactory factory(int maxDepth, StreamReadConstraints own) {
        return JsonFactory.builder()
                // a table of names that all clients share: names that collide in it would be one's way to hurt the
                // others
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(
                        StreamReadFeature
                                .USE_FAST_DOUBLE_PARSER) // Java's own takes four times as long near the ends of the
                // range
                .enable(StreamWriteFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(Math.min(maxDepth, own.getMaxNestingDepth()))
                        .maxNumberLength(JsonScanner.MAX_NUMBER_LENGTH)
                        // The transport has bounded the packet; a bound that nobody has chosen would only be a
                        // surprise.
                        .maxStringLength(
                                own.getMaxStringLength() == StreamReadConstraints.DEFAULT_MAX_STRING_LEN
                                        ? Integer.MAX_VALUE
                                        : own.getMaxStringLength())
                        .build())
                .streamWriteConstraints(StreamWriteConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH_OUT)
                        .build())
                .build();
    }

    private static ObjectMapper mapper(List<Module> modules) {
        return JsonMapper.builder()
                .addModule(WireTypes.finiteNumbers())
                .addModule(WireTypes.everyday())
                .addModules(modules)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .withCoercionConfig(
                        LogicalType.Textual,
                        textual -> textual.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .build();
    }

    private static ObjectMapper requiring(ObjectMapper mapper) {
        ObjectMapper strict = mapper.copy();
        strict.setConfig(strict.getDeserializationConfig()
                .with(new AnnotationIntrospectorPair(
                        new RequiredComponents(),
                        strict.getDeserializationConfig().getAnnotationIntrospector())));
        return strict;
    }

    @Override
    public EventData encode(@Nullable String event, List<? extends @Nullable Object> arguments) {
        AttachmentGenerator target = null;
        try (BoundedBytes bytes = new BoundedBytes(maxBytes)) {
            try (JsonGenerator json = factory.createGenerator(bytes)) {
                target = new AttachmentGenerator(json, factory, maxBytes);
                target.writeStartArray();
                if (event != null) {
                    target.writeString(event);
                }
                for (Object argument : arguments) {
                    if (argument == null) {
                        target.writeNull();
                    } else {
                        writer.writeValue(target, argument);
                    }
                }
                target.writeEndArray();
            }
            byte[] text = bytes.toByteArray();
            LoneSurrogates.replaceInJson(text);
            return new EventData(text, target.attachments());
        } catch (IOException | RuntimeException e) {
            String why = target != null && target.sawClaim()
                    ? "a value has a member '" + Placeholders.NAME + "' and claims to be an attachment"
                    : String.valueOf(
                            e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage());
            throw new EncodeException(
                    "a value of " + (event == null ? "an acknowledgement" : "event " + event)
                            + " has no JSON form that clients can read: " + why,
                    e);
        }
    }

    @Override
    public @Nullable Object decode(String json, List<byte[]> attachments, Type type) {
        ObjectReader reader = readers.get(type);
        if (reader == null) {
            reader = readers.computeIfAbsent(type, key -> reader(mapper, key));
        }
        return decode(reader, json, attachments, type);
    }

    @Override
    public @Nullable Object decodeOwn(String json, Type type) {
        return decode(reader(lenient, type), json, List.of(), type);
    }

    private static ObjectReader reader(ObjectMapper mapper, Type type) {
        return mapper.readerFor(mapper.constructType(type)).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    private @Nullable Object decode(ObjectReader reader, String json, List<byte[]> attachments, Type type) {
        try (JsonParser text = factory.createParser(json)) {
            if (attachments.isEmpty()) {
                return reader.readValue(text);
            }
            Placeholders placeholders = placeholders(json, attachments.size());
            return reader.readValue(new AttachmentParser(text, placeholders, attachments));
        } catch (InvalidDefinitionException e) {
            throw new IllegalStateException("the codec cannot read " + type.getTypeName(), e);
        } catch (StreamReadException e) {
            throw new DecodeException(SafeMessage.unreadable(e));
        } catch (ValueInstantiationException e) {
            if (e.getCause() instanceof Error failure) {
                throw failure; // no fault of who has sent it
            }
            if (e.getCause() instanceof RuntimeException broken
                    && !(broken instanceof IllegalArgumentException)
                    && !(broken instanceof DateTimeException)) {
                throw new IllegalStateException(
                        "the constructor of a payload of " + type.getTypeName() + " failed", broken);
            }
            throw new DecodeException(SafeMessage.misfit(e));
        } catch (JsonProcessingException e) {
            throw new DecodeException(SafeMessage.misfit(e));
        } catch (IOException e) {
            throw new DecodeException("the payload cannot be read");
        }
    }

    private Placeholders placeholders(String json, int attachments) {
        JsonScanner scanner = new JsonScanner(maxDepth);
        int end = scanner.value(json, 0, attachments);
        if (end == JsonScanner.TOO_DEEP) {
            throw new DecodeException("the payload exceeds a limit");
        }
        if (end == JsonScanner.MALFORMED || JsonSlices.skipSpace(json, end) != json.length()) {
            throw new DecodeException("the payload is not valid JSON");
        }
        Placeholders placeholders = scanner.placeholders();
        if (placeholders == null) {
            throw new DecodeException("a placeholder points to no attachment");
        }
        return placeholders;
    }

    @Override
    public void checkReadable(Type type) {
        TypeCheck.readable(mapper, type);
    }

    @Override
    public void checkWritable(Type type) {
        TypeCheck.writable(mapper, type);
    }
}
