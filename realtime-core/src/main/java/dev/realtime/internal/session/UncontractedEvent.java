package dev.realtime.internal.session;

import dev.realtime.ErrorCode;
import dev.realtime.EventRefusedException;
import dev.realtime.TypeToken;
import dev.realtime.UnknownEvent;
import dev.realtime.internal.socketio.EventHead;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.spi.JsonCodec.DecodeException;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An event without a contract, as a catch-all sees it. */
final class UncontractedEvent implements UnknownEvent {
    private final EventHead head;
    private final List<String> arguments;
    private final Packet packet;
    private final Payloads payloads;
    private final Answer answer;
    private volatile boolean leftUnanswered;

    UncontractedEvent(EventHead head, Packet packet, Payloads payloads, Answer answer) {
        this.head = head;
        this.arguments = head.arguments();
        this.packet = packet;
        this.payloads = payloads;
        this.answer = answer;
    }

    @Override
    public String name() {
        return head.name();
    }

    @Override
    public int size() {
        return arguments.size();
    }

    @Override
    public <T> @Nullable T argument(int index, Class<T> type) {
        Object value = bind(index, Objects.requireNonNull(type, "type"));
        return value == null ? null : type.cast(value);
    }

    @Override
    @SuppressWarnings("unchecked") // the codec was asked for this type
    public <T> @Nullable T argument(int index, TypeToken<T> type) {
        return (T) bind(index, Objects.requireNonNull(type, "type").type());
    }

    private @Nullable Object bind(int index, Type type) {
        try {
            return payloads.value(arguments.get(index), packet.attachments(), type);
        } catch (DecodeException e) {
            String message = e.getMessage();
            throw new EventRefusedException(
                    ErrorCode.INVALID_PAYLOAD.code(), message == null ? ErrorCode.INVALID_PAYLOAD.sentence() : message);
        }
    }

    @Override
    public boolean wantsReply() {
        return answer.isWanted();
    }

    @Override
    public void reply(Object... values) {
        answer.byHandler();
        answer.give(Arrays.asList(values));
    }

    @Override
    public void leaveUnanswered() {
        leftUnanswered = true;
    }

    /** Whether the client is to get no acknowledgement, or gets it later. */
    boolean isLeftUnanswered() {
        return leftUnanswered;
    }
}
