package dev.realtime.internal.requests;

import dev.realtime.Position;
import dev.realtime.SessionView;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.fanout.VolatileEmit;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.SessionRegistry;
import dev.realtime.spi.Bus;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.Ids;
import dev.realtime.spi.Log;
import dev.realtime.spi.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a namespace says to the other nodes that serve it, and what it does when it hears from them. */
public final class NamespaceBus {
    private static final Logger LOG = LoggerFactory.getLogger(NamespaceBus.class);

    private final SessionRegistry sessions;
    private final RoomIndex<LocalSession> rooms;
    private final Log log;
    private final Fanout<LocalSession> fanout;
    private final LocalRequests here;
    private final ServerEvents serverEvents;
    private final Bus bus;
    private final Ids ids;
    private final NodeRuntime runtime;
    private final Map<String, Gathering> open = new ConcurrentHashMap<>();

    /** Collects the answers to one question. */
    interface Gathering {
        void heard(String from, BusMessage answer);
    }

    /** @param here asks the clients of this node */
    public NamespaceBus(
            SessionRegistry sessions,
            RoomIndex<LocalSession> rooms,
            Log log,
            Fanout<LocalSession> fanout,
            LocalRequests here,
            ServerEvents serverEvents,
            Bus bus,
            Ids ids,
            NodeRuntime runtime) {
        this.sessions = sessions;
        this.rooms = rooms;
        this.log = log;
        this.fanout = fanout;
        this.here = here;
        this.serverEvents = serverEvents;
        this.bus = bus;
        this.ids = ids;
        this.runtime = runtime;
    }

    public void start() {
        bus.subscribe((from, message) -> {
            try {
                hear(from, message);
            } catch (RuntimeException | Error e) {
                runtime.lines().error(LOG, from, "a message of node {} failed; the node goes on", from, e);
            }
        });
    }

    private void hear(String from, BusMessage message) {
        if (message instanceof BusMessage.Volatile emit) {
            fanout.emit(new VolatileEmit(emit.target(), emit.event(), emit.coalesceKey(), false), log.tail());
        } else if (message instanceof BusMessage.Ask question) {
            RemoteRequest.ask(here, runtime, bus, from, question);
        } else if (message instanceof BusMessage.Fetch fetch) {
            views(fetch.target(), views -> bus.send(from, new BusMessage.Fetched(fetch.id(), views)));
        } else if (message instanceof BusMessage.ServerEvent event) {
            serverEvents.heard(from, event);
        } else if (message instanceof BusMessage.TakenOver taken) {
            LocalSession session = sessions.find(taken.sessionId());
            if (session != null) {
                session.ownership().movedAway(taken.fence());
            }
        } else if (message instanceof BusMessage.Asked answer) {
            answered(answer.id(), from, answer);
        } else if (message instanceof BusMessage.Answered answer) {
            answered(answer.id(), from, answer);
        } else if (message instanceof BusMessage.Fetched answer) {
            answered(answer.id(), from, answer);
        } else if (message instanceof BusMessage.ServerReply answer) {
            answered(answer.id(), from, answer);
        }
    }

    private void answered(String id, String from, BusMessage answer) {
        Gathering gathering = open.get(id);
        if (gathering != null) {
            runtime.workers().execute(() -> gathering.heard(from, answer));
        }
    }

    /** Those of this node's sessions that are in an audience, when everything in the log by now has met them; told on a worker. */
    void views(Target target, Consumer<List<SessionView>> told) {
        Position now = log.tail();
        fanout.executeBehind(now, () -> {
            List<SessionView> views = new ArrayList<>();
            rooms.forEach(target, null, session -> views.add(view(session)));
            runtime.workers().execute(() -> told.accept(List.copyOf(views)));
        });
    }

    private SessionView view(LocalSession session) {
        boolean connected = session.isConnected();
        return SessionView.of(
                session.id(),
                runtime.node(),
                session.principal(),
                session.rooms(),
                session.recordedAttributes(),
                connected,
                connected ? session.connection().handshakeView() : null);
    }

    /** Asks all other nodes; {@link #forget} must follow. Returns the question's id. */
    String gather(Gathering gathering, Function<String, BusMessage> question) {
        String id = ids.next();
        open.put(id, gathering);
        bus.publish(question.apply(id));
        return id;
    }

    void forget(String id) {
        open.remove(id);
    }

    public void publish(BusMessage message) {
        bus.publish(message);
    }

    CompletionStage<Integer> others() {
        return bus.others();
    }

    public void close() {
        bus.close();
    }
}
