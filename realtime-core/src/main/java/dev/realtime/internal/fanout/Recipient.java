package dev.realtime.internal.fanout;

import dev.realtime.Position;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.rooms.Member;
import java.util.Set;

/** A session as the fan-out sees it. The methods are called in the fan-out's turn only: never by two threads at once. */
public interface Recipient extends Member {

    /** Takes a message if the client is there. Returns whether it was taken; it leaves with {@link #flush()}. */
    boolean deliver(OutboundMessage message);

    /** It may have missed an event, and what comes behind that would not tell: its connection ends, so that its client comes back for it. */
    void missed(Throwable cause);

    /** It has not been done what the log says: its connection ends, and its client begins afresh. */
    void lost(Throwable cause);

    /** Remembers that a flush is due, unless what was delivered leaves without one. Returns whether it is, and none was before. */
    boolean markForFlush();

    /** The batched events that wait for it. */
    HeldEvents held();

    /** Writes what was delivered. */
    void flush();

    /** The log says that it joins. */
    void joinAt(Set<String> rooms, Position position);

    /** The log says that it leaves. */
    void leaveAt(Set<String> rooms, Position position);

    /** The log says that it is disconnected. */
    void disconnectAt(boolean closeConnection);
}
