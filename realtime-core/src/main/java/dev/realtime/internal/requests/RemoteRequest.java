package dev.realtime.internal.requests;

import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.spi.Bus;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Time;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A question of another node to the clients of this one: what they answer goes back as it comes. */
final class RemoteRequest implements LocalRequest.Listener {
    private final Bus bus;
    private final String from;
    private final String id;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    // guarded by this
    private boolean askedAll;
    private int waiting; // for so many; below zero while some have answered and it is not known yet who was asked

    private RemoteRequest(Bus bus, String from, String id) {
        this.bus = bus;
        this.from = from;
        this.id = id;
    }

    static void ask(LocalRequests locals, NodeRuntime runtime, Bus bus, String from, BusMessage.Ask question) {
        RemoteRequest mine = new RemoteRequest(bus, from, question.id());
        LocalRequest ask = locals.ask(question.target(), question.request(), mine);
        Time.Timer timer = runtime.time()
                .schedule(question.timeout(), () -> runtime.workers().execute(ask::stop));
        var unused = mine.over.thenRun(timer::cancel); // nothing is kept for those who have answered
    }

    private void counted(boolean all, int more) {
        synchronized (this) {
            askedAll |= all;
            waiting += more;
            if (!askedAll || waiting > 0) {
                return;
            }
        }
        over.complete(null);
    }

    @Override
    public void asked(Set<String> sessions) {
        bus.send(from, new BusMessage.Asked(id, sessions.size(), sessions));
        counted(true, sessions.size());
    }

    @Override
    public void answered(LocalSession session, Packet answer) {
        if (answer.fault() != null) {
            lost(session);
            return;
        }
        EventData arguments = new EventData(answer.data().getBytes(StandardCharsets.UTF_8), answer.attachments());
        bus.send(from, new BusMessage.Answered(id, session.id(), arguments));
        counted(false, -1);
    }

    @Override
    public void lost(LocalSession session) {
        bus.send(from, new BusMessage.Answered(id, session.id(), null));
        counted(false, -1);
    }
}
