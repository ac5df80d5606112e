package dev.realtime.benchmarks.micro;

import dev.realtime.Position;
import dev.realtime.internal.fanout.HeldEvents;
import dev.realtime.internal.fanout.Recipient;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.rooms.Membership;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A recipient without a connection: counts what it is given, so that only the way to it is measured. */
final class NoMember implements Recipient {
    private final String id;
    private boolean due;
    long taken;

    NoMember(String id) {
        this.id = id;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean wasIn(String room, @Nullable Position position) {
        return false;
    }

    @Override
    public void entered(Membership<?> membership) {}

    @Override
    public boolean deliver(OutboundMessage message) {
        taken++;
        return true;
    }

    @Override
    public void missed(Throwable cause) {
        throw new IllegalStateException(cause);
    }

    @Override
    public void lost(Throwable cause) {
        throw new IllegalStateException(cause);
    }

    @Override
    public HeldEvents held() {
        throw new UnsupportedOperationException("nothing is batched");
    }

    @Override
    public boolean markForFlush() {
        boolean first = !due;
        due = true;
        return first;
    }

    @Override
    public void flush() {
        due = false;
    }

    @Override
    public void joinAt(Set<String> rooms, Position position) {}

    @Override
    public void leaveAt(Set<String> rooms, Position position) {}

    @Override
    public void disconnectAt(boolean closeConnection) {}
}
