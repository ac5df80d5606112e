package dev.realtime.internal.session;

import dev.realtime.OutboxLimits;
import dev.realtime.internal.outbox.OutboundMessage;
import java.util.ArrayList;
import java.util.List;

/** What was emitted while a resume was on its way. Bounded like an outbox: beyond that the resume does not fit. */
final class HeldDeliveries {
    private final Link link;
    private final OutboxLimits limits;
    private final List<OutboundMessage> messages = new ArrayList<>();
    private long bytes;
    private boolean overflow;

    HeldDeliveries(Link link, OutboxLimits limits) {
        this.link = link;
        this.limits = limits;
    }

    Link link() {
        return link;
    }

    void add(OutboundMessage message) {
        if (message.kind() == OutboundMessage.Kind.VOLATILE) {
            return; // its stamp would be true, but nobody misses it
        }
        bytes += message.size();
        if (bytes > limits.maxBytes() || messages.size() >= limits.maxMessages()) {
            overflow = true;
            messages.clear();
        } else if (!overflow) {
            messages.add(message);
        }
    }

    List<OutboundMessage> messages() {
        return messages;
    }

    /** Whether this and what was missed before it may wait in one outbox. */
    boolean fits(List<OutboundMessage> missed) {
        long all = bytes;
        for (OutboundMessage message : missed) {
            all += message.size();
        }
        // one message of room is left for the CONNECT packet
        return !overflow && all < limits.maxBytes() - 256L && missed.size() + messages.size() < limits.maxMessages();
    }
}
