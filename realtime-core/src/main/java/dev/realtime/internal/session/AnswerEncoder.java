package dev.realtime.internal.session;

import dev.realtime.ErrorCode;
import dev.realtime.NamespaceSetup.RefusalForm;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.EventData;
import dev.realtime.spi.JsonCodec.EncodeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How answers to the events of a namespace look: acknowledgements, and refusals in the form that the application has chosen. Immutable. */
final class AnswerEncoder {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerEncoder.class);

    private final Payloads payloads;
    private final PacketEncoder packets;
    private final ErrorEvents errors;
    private final RefusalForm refusals;
    private final BoundedLog lines;

    AnswerEncoder(
            Payloads payloads, PacketEncoder packets, ErrorEvents errors, RefusalForm refusals, BoundedLog lines) {
        this.payloads = payloads;
        this.packets = packets;
        this.errors = errors;
        this.refusals = refusals;
        this.lines = lines;
    }

    /** @throws EncodeException if a value has no JSON form */
    EventData arguments(List<? extends @Nullable Object> values) {
        return payloads.reply(values);
    }

    OutboundMessage acknowledgement(long ackId, EventData arguments) {
        return OutboundMessage.control(packets.ack(ackId, arguments.json(), new ArrayList<>(arguments.attachments())));
    }

    /**
     * How a refusal is told.
     *
     * @param errorFirst whether a client that waits expects an error or null in front of the reply
     */
    RefusalForm form(boolean errorFirst) {
        return errorFirst ? RefusalForm.ERROR_FIRST : refusals;
    }

    /** Tells a client that waits for an acknowledgement. */
    OutboundMessage refusal(long ackId, RefusalForm form, String code, String message, @Nullable Duration retryAfter) {
        Map<String, Object> error = ErrorEvents.error(code, message, retryAfter);
        return acknowledgement(
                ackId, payloads.reply(List.of(form == RefusalForm.ERROR_FIRST ? error : Map.of("error", error))));
    }

    /**
     * Tells a client that waits for nothing, or of what follows for it.
     *
     * @return null if there is nothing that can be sent
     */
    @Nullable
    OutboundMessage error(ErrorEvents.Wrong wrong) {
        EventData told;
        try {
            told = errors.of(wrong);
        } catch (EncodeException e) {
            lines.error(
                    LOG,
                    wrong.event(),
                    "the refusal of '{}' cannot be encoded, and its client is not told",
                    wrong.event(),
                    e);
            return null;
        }
        // straight to the client: a flood of refusals is no burden to the fan-out; what follows from them is never
        // dropped
        var packet = packets.event(told, -1, null);
        return wrong.step() == null ? OutboundMessage.volatileMessage(packet, null) : OutboundMessage.control(packet);
    }

    /**
     * Tells a client why its session ends.
     *
     * @param event what it should have sent
     */
    @Nullable
    OutboundMessage lastWords(String event, ErrorCode code) {
        try {
            return OutboundMessage.control(packets.event(
                    errors.of(new ErrorEvents.Wrong(event, 0, code.code(), code.sentence(), null, null, Duration.ZERO)),
                    -1,
                    null));
        } catch (EncodeException e) {
            lines.error(LOG, event, "the reason of an end cannot be encoded, and its client is not told", e);
            return null;
        }
    }
}
