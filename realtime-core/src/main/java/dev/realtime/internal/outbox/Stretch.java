package dev.realtime.internal.outbox;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The messages of one outbox that stand one behind the other in {@link CommonMessages}: from where to where. Guarded by its outbox. */
final class Stretch {
    private final CommonMessages messages;
    private int from;
    private int to;

    /** Whose places are held. */
    Stretch(CommonMessages messages, int from, int to) {
        this.messages = messages;
        this.from = from;
        this.to = to;
    }

    /** Whether a message can be in one: an event for many that nothing replaces. */
    static boolean canHave(OutboundMessage message) {
        return message.kind() == OutboundMessage.Kind.RELIABLE
                && message.coalesceKey() == null
                && message.holders() != null;
    }

    /** Returns null if these two do not stand together. {@link #begin} must follow. */
    static @Nullable Stretch of(OutboundMessage first, OutboundMessage second) {
        Holders holders = first.holders();
        CommonMessages common = holders == null ? null : holders.together(first, second);
        return common == null ? null : new Stretch(common, 0, 2);
    }

    /** Returns by how many bytes the node holds more. */
    long begin() {
        return OutboundBudget.STRETCH + (messages.begin() ? CommonMessages.BYTES : 0);
    }

    /** It is empty. Returns by how many bytes the node holds less. */
    long end() {
        return OutboundBudget.STRETCH + (messages.end() ? CommonMessages.BYTES : 0);
    }

    /** Whether the message that comes next stands there too. */
    boolean extend(OutboundMessage next) {
        if (!messages.hold(to, next)) {
            return false;
        }
        to++;
        return true;
    }

    /** So many more stand there, whose places are held. */
    void extend(int more) {
        to += more;
    }

    OutboundMessage first() {
        return messages.get(from);
    }

    OutboundMessage removeFirst() {
        OutboundMessage message = messages.get(from);
        messages.release(from);
        from++;
        return message;
    }

    boolean isEmpty() {
        return from == to;
    }

    CommonMessages messages() {
        return messages;
    }

    /** Hands over each message, oldest first. */
    void forEach(Consumer<OutboundMessage> action) {
        for (int place = from; place < to; place++) {
            action.accept(messages.get(place));
        }
    }
}
