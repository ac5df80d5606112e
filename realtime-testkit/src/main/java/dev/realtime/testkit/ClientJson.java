package dev.realtime.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import dev.realtime.Event;
import dev.realtime.PayloadShape;
import dev.realtime.json.JacksonJson;
import dev.realtime.spi.JsonCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of JSON: payloads to argument lists and back. What is written is written apart from the engine's codec; what is received is
 * bound to the contract's types by the default rules of payloads.
 */
final class ClientJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addModule(ClientTypes.module())
            .build();
    private static final JsonCodec PAYLOADS = JacksonJson.with();

    JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("the server sent something that is no JSON: " + text, e);
        }
    }

    String text(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    JsonNode tree(@Nullable Object value) {
        return MAPPER.valueToTree(value);
    }

    ObjectNode object(Map<String, ?> values) {
        return MAPPER.valueToTree(values);
    }

    ArrayNode array(Object... values) {
        ArrayNode array = MAPPER.createArrayNode();
        for (Object value : values) {
            array.add(tree(value));
        }
        return array;
    }

    Map<String, Object> map(JsonNode node) {
        return MAPPER.convertValue(node, new TypeReference<Map<String, Object>>() {});
    }

    /** A payload as the arguments of a packet. */
    ArrayNode arguments(PayloadShape shape, @Nullable Object payload) {
        ArrayNode arguments = MAPPER.createArrayNode();
        switch (shape) {
            case NONE -> {}
            case SINGLE -> arguments.add(tree(payload));
            case ARGUMENTS -> components(payload).forEach(value -> arguments.add(tree(value)));
        }
        return arguments;
    }

    /** The payload that these arguments carry; a trailing offset is not part of it. */
    @Nullable
    @SuppressWarnings("unchecked") // it is bound to this type
    <T> T payload(Event.Contract<T> contract, List<JsonNode> arguments) {
        return (T) value(contract.shape(), contract.payload(), arguments);
    }

    /** What these arguments are. */
    @Nullable
    Object value(PayloadShape shape, Type type, List<JsonNode> arguments) {
        return switch (shape) {
            case NONE -> null;
            case SINGLE -> bind(arguments.isEmpty() ? MAPPER.nullNode() : arguments.get(0), type);
            case ARGUMENTS -> record((Class<?>) type, arguments);
        };
    }

    private @Nullable Object bind(JsonNode node, Type type) {
        if (type == Void.class || node.isNull()) {
            return null;
        }
        if (type == byte[].class) {
            return bytes(node);
        }
        if (type instanceof Class<?> plain && plain.isInstance(node)) {
            return node;
        }
        List<byte[]> attachments = new ArrayList<>();
        String json = text(extract(node, attachments));
        try {
            return PAYLOADS.decode(json, attachments, type);
        } catch (JsonCodec.DecodeException e) {
            String name = type instanceof Class<?> plain ? plain.getSimpleName() : type.getTypeName();
            throw new AssertionError("this is no " + name + ": " + node + ": " + e.getMessage(), e);
        }
    }

    /** Takes the binary values out and leaves placeholders. */
    JsonNode extract(JsonNode node, List<byte[]> attachments) {
        if (node.isBinary() || node instanceof POJONode) {
            attachments.add(bytes(node));
            return MAPPER.createObjectNode().put("_placeholder", true).put("num", attachments.size() - 1);
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = MAPPER.createArrayNode();
            array.forEach(element -> copy.add(extract(element, attachments)));
            return copy;
        }
        if (node instanceof ObjectNode object) {
            ObjectNode copy = MAPPER.createObjectNode();
            object.properties().forEach(field -> copy.set(field.getKey(), extract(field.getValue(), attachments)));
            return copy;
        }
        return node;
    }

    /** Puts the binary values where their placeholders stand. */
    JsonNode insert(JsonNode node, List<byte[]> attachments) {
        if (node.path("_placeholder").asBoolean()) {
            int number = node.path("num").asInt(-1);
            if (number < 0 || number >= attachments.size()) {
                throw new AssertionError("placeholder " + number + " of " + attachments.size() + " attachments");
            }
            return MAPPER.getNodeFactory().binaryNode(attachments.get(number));
        }
        if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, insert(array.get(i), attachments));
            }
        } else if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> field.setValue(insert(field.getValue(), attachments)));
        }
        return node;
    }

    private static byte[] bytes(JsonNode node) {
        try {
            return node.binaryValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Object record(Class<?> type, List<JsonNode> arguments) {
        ObjectNode object = MAPPER.createObjectNode();
        RecordComponent[] components = type.getRecordComponents();
        for (int i = 0; i < components.length && i < arguments.size(); i++) {
            object.set(components[i].getName(), arguments.get(i));
        }
        if (takesRest(type)) {
            ArrayNode rest = object.putArray(components[components.length - 1].getName());
            arguments.stream().skip(components.length - 1).forEach(rest::add);
        }
        Object bound = bind(object, type);
        if (bound == null) {
            throw new AssertionError("no " + type.getSimpleName() + " in " + arguments);
        }
        return bound;
    }

    /** Whether the last component is declared with {@code ...}. */
    private static boolean takesRest(Class<?> type) {
        Class<?>[] components = Stream.of(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            return type.getDeclaredConstructor(components).isVarArgs();
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(type + " is no record", e);
        }
    }

    private static List<@Nullable Object> components(@Nullable Object payload) {
        if (payload == null) {
            throw new IllegalArgumentException("an event with several arguments needs its record");
        }
        List<@Nullable Object> values = new ArrayList<>();
        try {
            for (RecordComponent component : payload.getClass().getRecordComponents()) {
                component.getAccessor().setAccessible(true);
                values.add(component.getAccessor().invoke(payload));
            }
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "cannot read " + payload.getClass().getName(), e);
        }
        if (takesRest(payload.getClass())) {
            Object rest = values.remove(values.size() - 1);
            for (int i = 0; rest != null && i < Array.getLength(rest); i++) {
                values.add(Array.get(rest, i));
            }
        }
        return values;
    }
}
