package dev.realtime.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.realtime.spi.EventData;
import dev.realtime.spi.JsonCodec;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The codec on Jackson. Its rules, where Jackson leaves a choice:
 *
 * <ul>
 *   <li>Unknown properties are ignored, so that a newer client can talk to an older server. A key given twice, text behind
 *       the value, and a primitive that is missing or null are refused: what is optional is boxed.
 *   <li>Nothing is converted silently: {@code "1"} is no number, {@code 1} no string, {@code 1.5} no {@code int}, {@code 0}
 *       no enum constant. Floating-point numbers must be finite (see {@link WireTypes}).
 *   <li>Binary values are attachments; base64 strings and attachments are read as either. An attachment read into {@code byte[]} is the
 *       received array itself.
 *   <li>{@code Instant} and {@code Duration} are ISO-8601 strings.
 *   <li>Keys such as {@code __proto__} and {@code constructor} mean nothing in Java: a record ignores them like any key it
 *       does not know, a map or a tree holds them as plain keys. No key ever chooses a class.
 *   <li>Surrogates without a partner leave as U+FFFD. On the way in they have been replaced before the text gets here
 *       ({@link LoneSurrogates}).
 * </ul>
 *
 * <p>Error messages name the place and what was expected there, never what the client sent. The cause of a
 * {@link DecodeException} is left out for the same reason: Jackson's messages quote the input.
 */
public final class JacksonCodec implements JsonCodec {

    private final ObjectMapper mapper;
    private final ObjectWriter writer;
    /** One reader for each type the application has declared, so the map is as large as its contracts. */
    private final Map<Type, ObjectReader> readers = new ConcurrentHashMap<>();

    /**
     * @param maxDepth how deep arrays and objects may be nested in one value, at least 1
     */
    public JacksonCodec(int maxDepth) {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .maxNumberLength(100)
                        // The transport has bounded the packet; a second bound would only be a surprise.
                        .maxStringLength(Integer.MAX_VALUE)
                        .build())
                .build();
        this.mapper = JsonMapper.builder(factory)
                .addModule(WireTypes.module())
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .withCoercionConfig(
                        LogicalType.Textual,
                        textual -> textual.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .build();
        this.writer = mapper.writer();
    }

    @Override
    public EventData encode(@Nullable String event, List<? extends @Nullable Object> arguments) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder()) {
            List<byte[]> attachments;
            try (JsonGenerator json = mapper.getFactory().createGenerator(bytes)) {
                AttachmentGenerator target = new AttachmentGenerator(json);
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
                attachments = target.attachments();
            }
            byte[] text = bytes.toByteArray();
            LoneSurrogates.replaceInJson(text);
            return new EventData(text, attachments);
        } catch (IOException | RuntimeException e) {
            throw new EncodeException(
                    "a value of " + (event == null ? "an acknowledgement" : "event " + event) + " has no JSON form", e);
        }
    }

    @Override
    public @Nullable Object decode(String json, List<byte[]> attachments, Type type) {
        ObjectReader reader = readers.get(type);
        if (reader == null) {
            reader = readers.computeIfAbsent(type, key -> mapper.readerFor(mapper.constructType(key)));
        }
        try (JsonParser text = mapper.getFactory().createParser(json)) {
            return reader.readValue(attachments.isEmpty() ? text : new AttachmentParser(text, json, attachments));
        } catch (InvalidDefinitionException e) {
            throw new DecodeException("the server cannot read this payload", e);
        } catch (StreamReadException e) {
            throw new DecodeException(SafeMessage.unreadable(e));
        } catch (JsonProcessingException e) {
            throw new DecodeException(SafeMessage.misfit(e));
        } catch (IOException e) {
            throw new DecodeException("the payload cannot be read");
        }
    }
}
