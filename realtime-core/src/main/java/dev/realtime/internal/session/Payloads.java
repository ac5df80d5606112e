package dev.realtime.internal.session;

import dev.realtime.Event.Contract;
import dev.realtime.PayloadShape;
import dev.realtime.spi.EventData;
import dev.realtime.spi.JsonCodec;
import dev.realtime.spi.JsonCodec.DecodeException;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Puts payloads among the arguments of a packet and takes them out again, as their contract's {@link PayloadShape} says. */
public final class Payloads {
    private final JsonCodec json;
    private final Map<Class<?>, RecordComponent[]> components = new ConcurrentHashMap<>();

    public Payloads(JsonCodec json) {
        this.json = json;
    }

    /** An event's arguments, its name first. */
    public <T> EventData event(Contract<T> contract, @Nullable T payload) {
        return json.encode(contract.name(), arguments(contract, payload));
    }

    /** An acknowledgement's arguments. */
    public EventData reply(List<? extends @Nullable Object> arguments) {
        return json.encode(null, arguments);
    }

    private <T> List<? extends @Nullable Object> arguments(Contract<T> contract, @Nullable T payload) {
        switch (contract.shape()) {
            case NONE -> {
                return List.of();
            }
            case SINGLE -> {
                return Collections.singletonList(payload);
            }
            default -> {
                if (payload == null) {
                    throw new IllegalArgumentException(
                            "the arguments of '" + contract.name() + "' are a record, not null");
                }
                return values(payload);
            }
        }
    }

    private List<@Nullable Object> values(Object payload) {
        List<@Nullable Object> values = new ArrayList<>();
        try {
            for (RecordComponent component : componentsOf(payload.getClass())) {
                var accessor = component.getAccessor();
                accessor.setAccessible(true);
                values.add(accessor.invoke(payload));
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + payload.getClass(), e);
        }
        return values;
    }

    /**
     * The payload of an event, validated.
     *
     * @throws DecodeException with a message for the client
     */
    public <T> @Nullable T bind(Contract<T> contract, List<String> arguments, List<byte[]> attachments) {
        Object value = decode(contract, arguments, attachments);
        @SuppressWarnings("unchecked") // the codec was asked for this type
        T payload = (T) value;
        var validator = contract.validator();
        if (validator != null && payload != null) {
            try {
                validator.check(payload);
            } catch (IllegalArgumentException e) {
                String message = e.getMessage();
                throw new DecodeException(message == null ? "the payload is not valid" : message, e);
            }
        }
        return payload;
    }

    private @Nullable Object decode(Contract<?> contract, List<String> arguments, List<byte[]> attachments) {
        switch (contract.shape()) {
            case NONE -> {
                return null;
            }
            case SINGLE -> {
                if (arguments.isEmpty()) {
                    throw new DecodeException("the payload is missing");
                }
                Object value = json.decode(arguments.get(0), attachments, contract.payload());
                if (value == null && contract.payload() != Void.class) {
                    throw new DecodeException("the payload is null");
                }
                return value;
            }
            default -> {
                return record(contract.payload(), arguments, attachments);
            }
        }
    }

    private Object record(Class<?> type, List<String> arguments, List<byte[]> attachments) {
        RecordComponent[] parts = componentsOf(type);
        if (arguments.size() < parts.length) {
            throw new DecodeException("expected " + parts.length + " arguments, not " + arguments.size());
        }
        Object[] values = new Object[parts.length];
        Class<?>[] types = new Class<?>[parts.length];
        for (int i = 0; i < parts.length; i++) {
            types[i] = parts[i].getType();
            values[i] = json.decode(arguments.get(i), attachments, parts[i].getGenericType());
            if (values[i] == null && types[i].isPrimitive()) {
                throw new DecodeException("argument " + (i + 1) + " is null");
            }
        }
        try {
            Constructor<?> canonical = type.getDeclaredConstructor(types);
            canonical.setAccessible(true);
            return canonical.newInstance(values);
        } catch (java.lang.reflect.InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused && refused.getMessage() != null) {
                throw new DecodeException(refused.getMessage(), refused);
            }
            throw new DecodeException("the arguments do not fit", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make " + type, e);
        }
    }

    private RecordComponent[] componentsOf(Class<?> type) {
        return components.computeIfAbsent(type, t -> {
            RecordComponent[] parts = t.getRecordComponents();
            return parts == null ? new RecordComponent[0] : Arrays.copyOf(parts, parts.length);
        });
    }

    /** Binds one value, such as a reply or an argument of an event without a contract. */
    public @Nullable Object value(String text, List<byte[]> attachments, Class<?> type) {
        return json.decode(text, attachments, type);
    }
}
