package dev.realtime.internal.relay;

import dev.realtime.internal.limits.Places;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.spi.Bus;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.Ids;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.RequestView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests of long-polling clients whose load balancer does not keep them on one node: whichever node a request reaches asks the one that has the
 * connection, and hands its reply to the client. The bus may lose either; then the client hears an error in the end, takes its connection for
 * broken as with any other error, and its session goes on over the next one. Thread-safe.
 */
public final class Relay {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    /** So often it is asked whether the node of a connection is still there. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private static final long TEXT_AND_BYTES = 2;
    private static final byte[] NOTHING = new byte[0];
    private static final HttpReply UNREADABLE = new HttpReply(503, Map.of(), NOTHING);

    private final NodeRuntime runtime;
    private final Ids ids;
    private final Bus bus;
    private final HearingNodes hearing;
    private final Places places;
    private final InboundBudget inbound;
    private final int maxBody;
    private final Duration patience;
    private final Map<String, RelayedRequest> asked = new ConcurrentHashMap<>();
    private final Map<String, ArrivedRequest> arrived = new ConcurrentHashMap<>();
    private volatile boolean ended;

    /**
     * @param bus of {@link Bus#NODES}
     * @param places how many requests may be under way, in all and of one address
     * @param patience how long a client waits for anything, as the heartbeat has it
     */
    public Relay(
            NodeRuntime runtime,
            Ids ids,
            Bus bus,
            Places places,
            InboundBudget inbound,
            int maxBody,
            Duration patience) {
        this.runtime = runtime;
        this.ids = ids;
        this.bus = bus;
        this.hearing = new HearingNodes(bus, runtime.workers(), runtime.time(), runtime.node());
        this.places = places;
        this.inbound = inbound;
        this.maxBody = maxBody;
        this.patience = patience;
    }

    /**
     * Hears the other nodes.
     *
     * @param here answers a request whose connection this node has
     * @param lost told of a connection to which messages were sent that its client did not get
     */
    public void start(Consumer<HttpExchange> here, Consumer<String> lost) {
        bus.subscribe((from, message) -> {
            if (message instanceof BusMessage.ServerEvent event && event.id() != null) {
                heard(from, event.id(), event, here, lost);
            } else if (message instanceof BusMessage.ServerReply reply) {
                answered(from, reply);
            }
        });
    }

    /** How many requests wait for other nodes. */
    public int waiting() {
        return asked.size();
    }

    // ---- of clients of other nodes that reach this one

    /**
     * Has a request answered by the node that has its connection.
     *
     * @param refuse answers it if that node does not; called at most once, from any thread
     */
    public void relay(HttpExchange exchange, String home, Consumer<RelayFailure> refuse) {
        String address = exchange.request().remoteAddress();
        if (!places.enter(address)) {
            runtime.counters().count(Counters.Name.RELAYS_FAILED);
            refuse.accept(RelayFailure.UNAVAILABLE);
            return;
        }
        InboundBudget.Share room = inbound.share(InboundBudget.Use.ARRIVING, address);
        RelayedRequest request = new RelayedRequest(
                ids.next(), home, exchange, refuse, room, runtime.time().nanoTime());
        asked.put(request.id(), request);
        if (ended) { // asked behind the put: whoever ends all sees this one, or it is seen here
            fail(request, RelayFailure.UNAVAILABLE);
            return;
        }
        runtime.counters().count(Counters.Name.RELAYED);
        exchange.onAbort(() -> gone(request));
        lookLater(request);
        whenHeard(request, () -> read(request));
    }

    private void whenHeard(RelayedRequest request, Runnable then) {
        hearing.hears(request.home()).whenComplete((hears, failure) -> {
            if (failure != null) {
                fail(request, RelayFailure.UNAVAILABLE);
            } else if (!hears) {
                fail(request, RelayFailure.UNKNOWN);
            } else if (!request.isOver()) {
                then.run();
            }
        });
    }

    private void read(RelayedRequest request) {
        if (!request.exchange().request().method().equals("POST")) {
            ask(request, NOTHING);
            return;
        }
        if (!request.room().hold(TEXT_AND_BYTES * request.announced(maxBody))) {
            fail(request, RelayFailure.UNAVAILABLE);
            return;
        }
        boolean reads = false;
        try {
            var unused = request.exchange().body(maxBody).whenComplete((body, failure) -> {
                if (body != null) {
                    ask(request, body);
                } else {
                    fail(request, isTooLarge(failure) ? RelayFailure.TOO_LARGE : RelayFailure.BROKEN);
                }
            });
            reads = true;
        } finally {
            if (!reads) {
                fail(request, RelayFailure.UNAVAILABLE);
            }
        }
    }

    private static boolean isTooLarge(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof HttpExchange.BodyTooLargeException;
    }

    private void ask(RelayedRequest request, byte[] body) {
        if (request.isOver()) { // while the body came: its client has heard that it failed, or has gone
            return;
        }
        boolean sent = false;
        try {
            bus.send(
                    request.home(),
                    new BusMessage.ServerEvent(
                            request.id(), RelayText.request(request.exchange().request(), body)));
            sent = true;
        } finally {
            if (!sent) {
                fail(request, RelayFailure.UNAVAILABLE);
            }
        }
        request.asked();
        if (request.isAbandoned()) { // while it was sent; twice does no harm
            tellGone(request);
        }
    }

    private void lookLater(RelayedRequest request) {
        request.lookAgain(runtime.time().schedule(LOOK, () -> runtime.workers().execute(() -> look(request))));
    }

    private void look(RelayedRequest request) {
        if (request.isOver()) {
            return;
        }
        if (runtime.time().nanoTime() - request.since() >= patience.toNanos()) {
            fail(request, RelayFailure.UNAVAILABLE);
        } else {
            lookLater(request); // whether or not anybody says who hears
            whenHeard(request, () -> {});
        }
    }

    private void answered(String from, BusMessage.ServerReply reply) {
        RelayedRequest request = asked.get(reply.id());
        if (request == null || !request.home().equals(from)) {
            return;
        }
        HttpReply read;
        try {
            read = RelayText.readReply(reply.answer());
        } catch (IllegalArgumentException e) {
            runtime.lines().warn(LOG, from, "what node {} replied to a relayed request cannot be read", from, e);
            runtime.workers().execute(() -> fail(request, RelayFailure.UNAVAILABLE));
            return;
        }
        runtime.workers().execute(() -> {
            if (end(request)) {
                request.exchange().reply(read);
            }
        });
    }

    private void gone(RelayedRequest request) {
        if (end(request)) {
            abandon(request);
        }
    }

    private void fail(RelayedRequest request, RelayFailure why) {
        if (end(request)) {
            runtime.counters().count(Counters.Name.RELAYS_FAILED);
            request.refuse().accept(why);
            abandon(request); // its client takes the connection for broken now
        }
    }

    private void abandon(RelayedRequest request) {
        request.abandon();
        if (request.isAsked()) {
            tellGone(request);
        }
    }

    private void tellGone(RelayedRequest request) {
        bus.send(request.home(), new BusMessage.ServerEvent(request.id(), RelayText.gone(request.waitingFor())));
    }

    private boolean end(RelayedRequest request) {
        if (!request.end()) {
            return false;
        }
        asked.remove(request.id());
        places.leave(request.address());
        request.room().close();
        return true;
    }

    // ---- of clients of this node that reach others

    private void heard(
            String from, String id, BusMessage.ServerEvent event, Consumer<HttpExchange> here, Consumer<String> lost) {
        if (!RelayText.isRequest(event.event())) {
            ArrivedRequest request = arrived.remove(id);
            String connection = RelayText.gone(event.event());
            if (request != null) {
                runtime.workers().execute(request::abort);
            } else if (connection != null) { // it has been answered, and the answer was lost
                runtime.workers().execute(() -> lost.accept(connection));
            }
            return;
        }
        RequestView view;
        try {
            view = RelayText.readRequest(event.event());
        } catch (IllegalArgumentException e) {
            runtime.lines().warn(LOG, from, "a request that node {} relayed cannot be read", from, e);
            bus.send(from, new BusMessage.ServerReply(id, RelayText.reply(UNREADABLE)));
            return;
        }
        ArrivedRequest request = new ArrivedRequest(view, RelayText.body(event.event()), reply -> {
            arrived.remove(id);
            bus.send(from, new BusMessage.ServerReply(id, RelayText.reply(reply)));
        });
        arrived.put(id, request);
        runtime.workers().execute(() -> {
            boolean taken = false;
            try {
                here.accept(request);
                taken = true;
            } finally {
                if (!taken) {
                    arrived.remove(id);
                }
            }
        });
    }

    /** Whoever waits hears that this node cannot help, and no request is relayed from now on. */
    public void end() {
        ended = true;
        List.copyOf(asked.values()).forEach(request -> fail(request, RelayFailure.UNAVAILABLE));
    }

    /** The node is no longer on the bus. */
    public void close() {
        end();
        bus.close();
    }
}
