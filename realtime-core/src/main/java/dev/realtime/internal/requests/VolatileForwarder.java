package dev.realtime.internal.requests;

import dev.realtime.internal.fanout.VolatileEmit;
import dev.realtime.internal.session.SessionRegistry;
import dev.realtime.spi.Bus;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.Target;
import java.util.function.Consumer;

/** Passes the volatile events of this node on to the others. One that is for a session of this node alone stays here. Thread-safe. */
public final class VolatileForwarder implements Consumer<VolatileEmit> {
    private final SessionRegistry sessions;
    private final Bus bus;

    public VolatileForwarder(SessionRegistry sessions, Bus bus) {
        this.sessions = sessions;
        this.bus = bus;
    }

    @Override
    public void accept(VolatileEmit emit) {
        Target target = emit.target();
        boolean oneOfOurs = target.rooms().size() == 1
                && sessions.find(target.rooms().iterator().next()) != null;
        if (target.node() == null && !oneOfOurs) {
            bus.publish(new BusMessage.Volatile(target, emit.event(), emit.coalesceKey()));
        }
    }
}
