package dev.realtime.internal.requests;

import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.spi.Bus;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EventData;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** A question of another node to the clients of this one: what they answer goes back as it comes. */
final class RemoteRequest implements LocalRequest.Listener {
    private final Bus bus;
    private final String from;
    private final BusMessage.Ask question;

    private RemoteRequest(Bus bus, String from, BusMessage.Ask question) {
        this.bus = bus;
        this.from = from;
        this.question = question;
    }

    static void ask(LocalRequests locals, NodeRuntime runtime, Bus bus, String from, BusMessage.Ask question) {
        LocalRequest ask = locals.ask(question.target(), question.request(), new RemoteRequest(bus, from, question));
        runtime.time().schedule(question.timeout(), () -> runtime.workers().execute(ask::stop));
    }

    @Override
    public void asked(Set<String> sessions) {
        bus.send(from, new BusMessage.Asked(question.id(), sessions.size(), sessions));
    }

    @Override
    public void answered(LocalSession session, Packet answer) {
        if (answer.fault() != null) {
            lost(session);
            return;
        }
        EventData arguments = new EventData(answer.data().getBytes(StandardCharsets.UTF_8), answer.attachments());
        bus.send(from, new BusMessage.Answered(question.id(), session.id(), arguments));
    }

    @Override
    public void lost(LocalSession session) {
        bus.send(from, new BusMessage.Answered(question.id(), session.id(), null));
    }
}
