package dev.realtime.internal.session;

import dev.realtime.Event.Contract;
import dev.realtime.PayloadShape;
import dev.realtime.Request;
import dev.realtime.RequestFailedException;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.EventData;
import dev.realtime.spi.JsonCodec;
import dev.realtime.spi.JsonCodec.DecodeException;
import dev.realtime.spi.JsonCodec.EncodeException;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Puts payloads among the arguments of a packet and takes them out again, as their contract's {@link PayloadShape} says. */
public final class Payloads {
    private final JsonCodec json;
    private final int maxEventSize;
    private final Runnable unsent;
    private final Map<Class<?>, RecordParts> parts = new ConcurrentHashMap<>();

    /** Without a bound, where nobody but the caller is told of what cannot be encoded. */
    public Payloads(JsonCodec json) {
        this(json, Integer.MAX_VALUE, () -> {});
    }

    /**
     * @param maxEventSize bytes of one event or answer
     * @param unsent called for each event that cannot be encoded
     */
    public Payloads(JsonCodec json, int maxEventSize, Runnable unsent) {
        this.json = json;
        this.maxEventSize = maxEventSize;
        this.unsent = unsent;
    }

    /**
     * An event's arguments, its name first.
     *
     * @throws EncodeException if its payload has no form that clients can read, or is too large
     */
    public <T> EventData event(Contract<T> contract, @Nullable T payload) {
        return event(contract.name(), arguments(contract, payload));
    }

    /** One of the engine's own. */
    EventData event(String name, Object... arguments) {
        return event(name, List.of(arguments));
    }

    /** With one argument. */
    EventData single(String name, @Nullable Object argument) {
        return event(name, Collections.singletonList(argument));
    }

    private EventData event(String name, List<? extends @Nullable Object> arguments) {
        try {
            return bounded(name, json.encode(name, arguments));
        } catch (EncodeException e) {
            unsent.run();
            throw e;
        }
    }

    /**
     * An acknowledgement's arguments.
     *
     * @throws EncodeException if they have no form that clients can read, or are too large
     */
    public EventData reply(List<? extends @Nullable Object> arguments) {
        return bounded(null, json.encode(null, arguments));
    }

    /** The arguments that a reply makes. */
    List<? extends @Nullable Object> arguments(Request<?, ?> request, @Nullable Object reply) {
        List<? extends @Nullable Object> arguments = arguments(request.replyShape(), request.name(), reply);
        if (!request.isErrorFirst()) {
            return arguments;
        }
        List<@Nullable Object> behind = new ArrayList<>(arguments.size() + 1);
        behind.add(null);
        behind.addAll(arguments);
        return behind;
    }

    /** As {@link #reply(List)}, for the reply of a request. */
    public EventData reply(Request<?, ?> request, @Nullable Object reply) {
        return reply(arguments(request, reply));
    }

    private EventData bounded(@Nullable String event, EventData data) {
        if (data.size() > maxEventSize) {
            throw new EncodeException(
                    (event == null ? "an acknowledgement" : "event " + event) + " of " + data.size()
                            + " bytes is larger than maxEventSize, " + maxEventSize,
                    null);
        }
        return data;
    }

    private List<? extends @Nullable Object> arguments(Contract<?> contract, @Nullable Object payload) {
        return arguments(contract.shape(), contract.name(), payload);
    }

    private List<? extends @Nullable Object> arguments(PayloadShape shape, String name, @Nullable Object payload) {
        switch (shape) {
            case NONE -> {
                return List.of();
            }
            case SINGLE -> {
                return Collections.singletonList(payload);
            }
            default -> {
                if (payload == null) {
                    throw new IllegalArgumentException("the arguments of '" + name + "' are a record, not null");
                }
                try {
                    return partsOf(payload.getClass()).valuesOf(payload);
                } catch (Exception e) {
                    throw new EncodeException("the arguments of '" + name + "' cannot be read", e);
                }
            }
        }
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
        var validator = contract.validator().orElse(null);
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
                boolean mayBeNull = contract.isPayloadNullable();
                if (arguments.isEmpty()) {
                    if (mayBeNull) {
                        return null;
                    }
                    throw new DecodeException("the payload is missing");
                }
                Object value = json.decode(arguments.get(0), attachments, contract.payload());
                if (value == null && !mayBeNull && contract.payload() != Void.class) {
                    throw new DecodeException("the payload is null");
                }
                return value;
            }
            default -> {
                return record((Class<?>) contract.payload(), arguments, attachments);
            }
        }
    }

    private Object record(Class<?> type, List<String> arguments, List<byte[]> attachments) {
        RecordParts record = partsOf(type);
        @Nullable Object[] values = new @Nullable Object[record.components().size()];
        for (int i = 0; i < values.length; i++) {
            var component = record.components().get(i);
            if (i == values.length - 1 && record.takesRest()) {
                values[i] = json.decode(rest(arguments, i), attachments, component.getGenericType());
                break;
            }
            Object value = i < arguments.size()
                    ? json.decode(arguments.get(i), attachments, component.getGenericType())
                    : nothing(component.getType());
            if (value == null && !record.isOptional(i)) {
                throw new DecodeException("argument " + (i + 1) + " (" + component.getName() + ") is "
                        + (i < arguments.size() ? "null" : "missing"));
            }
            values[i] = value;
        }
        try {
            return record.make(values);
        } catch (IllegalArgumentException refused) {
            String message = refused.getMessage();
            throw new DecodeException(message == null ? "the arguments do not fit" : message, refused);
        } catch (Exception e) {
            throw new IllegalStateException("the constructor of " + type.getName() + " failed", e);
        }
    }

    /** The arguments that are left, as one array: bound at once, since there may be very many. */
    private static String rest(List<String> arguments, int from) {
        return from >= arguments.size()
                ? "[]"
                : '[' + String.join(",", arguments.subList(from, arguments.size())) + ']';
    }

    private static @Nullable Object nothing(Class<?> type) {
        if (type == Optional.class) {
            return Optional.empty();
        }
        if (type == OptionalInt.class) {
            return OptionalInt.empty();
        }
        if (type == OptionalLong.class) {
            return OptionalLong.empty();
        }
        return type == OptionalDouble.class ? OptionalDouble.empty() : null;
    }

    private RecordParts partsOf(Class<?> type) {
        return parts.computeIfAbsent(type, RecordParts::of);
    }

    /**
     * The typed reply; null where the request allows it.
     *
     * @param arguments of the acknowledgement
     * @throws DecodeException if they are no such reply
     * @throws RequestFailedException if they are an error
     */
    public @Nullable Object reply(Request<?, ?> request, List<String> arguments, List<byte[]> attachments) {
        if (!request.isErrorFirst() || arguments.isEmpty()) {
            return value(request, arguments, attachments);
        }
        String error = arguments.get(0);
        if (!error.equals("null")) {
            throw new RequestFailedException(
                    RequestFailedException.Reason.REFUSED, "answered with an error: " + BoundedLog.clean(error));
        }
        return value(request, arguments.subList(1, arguments.size()), attachments);
    }

    private @Nullable Object value(Request<?, ?> request, List<String> arguments, List<byte[]> attachments) {
        switch (request.replyShape()) {
            case NONE -> {
                return null;
            }
            case SINGLE -> {
                Object value = arguments.isEmpty() ? null : value(arguments.get(0), attachments, request.reply());
                if (value == null && !request.mayReplyNothing()) {
                    throw new DecodeException(arguments.isEmpty() ? "the reply is missing" : "the reply is null");
                }
                return value;
            }
            default -> {
                return arguments.isEmpty() && request.mayReplyNothing()
                        ? null
                        : record((Class<?>) request.reply(), arguments, attachments);
            }
        }
    }

    /** Binds one value, such as an argument of an event without a contract. */
    public @Nullable Object value(String text, List<byte[]> attachments, Type type) {
        return json.decode(text, attachments, type);
    }
}
