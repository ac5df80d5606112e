package dev.realtime.redis;

import dev.realtime.Event.Contract;
import dev.realtime.redis.internal.intake.Heard;
import dev.realtime.redis.internal.intake.MessageText;
import dev.realtime.spi.JsonCodec;
import dev.realtime.spi.JsonCodec.DecodeException;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A channel's contract and who handles its messages.
 *
 * @param id takes the id out of a payload; null where messages are told apart by their bytes
 */
record IntakeRoute<T>(
        Contract<T> contract, @Nullable Function<? super T, String> id, IntakeHandler<? super T> handler) {
    private static final int LONGEST_ID = 256;

    /** @throws DecodeException if the message is not what the contract says, and for nothing else */
    void handle(Heard heard, JsonCodec json, RealtimePublisher publisher, LongSupplier nanoTime) throws Exception {
        T payload = payload(heard, json);
        String name = id(heard, payload);
        OnceEffects effects = new OnceEffects(heard, name, nanoTime);
        try {
            handler.handle(new IntakeMessage(heard.channel(), name, publisher, effects), payload);
        } catch (DecodeException e) { // of something else: the message is what the contract says
            throw new IllegalStateException("the handler has read something that is not what it expects", e);
        } finally {
            effects.end();
        }
    }

    @SuppressWarnings("NullAway") // null where the contract allows it, which the type cannot say
    private T payload(Heard heard, JsonCodec json) {
        Object value = json.decode(MessageText.of(heard.payload()), List.of(), contract.payload());
        if (value == null && !contract.isPayloadNullable()) {
            throw new DecodeException("the payload is null");
        }
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

    private String id(Heard heard, T payload) {
        if (id == null || payload == null) {
            return OnceEffects.digest(heard.channel(), heard.payload());
        }
        String chosen = id.apply(payload);
        if (chosen == null || chosen.isBlank() || chosen.length() > LONGEST_ID) {
            throw new DecodeException("the id of a message has 1 to " + LONGEST_ID + " characters");
        }
        return chosen;
    }
}
