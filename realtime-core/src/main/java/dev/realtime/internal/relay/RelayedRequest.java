package dev.realtime.internal.relay;

import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.RequestView;
import dev.realtime.spi.Time;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request that another node is to answer, from when it came until it has been answered. Thread-safe. */
final class RelayedRequest {
    private final String id;
    private final String home;
    private final HttpExchange exchange;
    private final Consumer<RelayFailure> refuse;
    private final InboundBudget.Share room;
    private final long since;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean asked;
    private volatile boolean abandoned;
    private volatile Time.@Nullable Timer look;

    /**
     * @param home the node that has its connection
     * @param refuse answers it when that node does not
     * @param room for its body
     */
    RelayedRequest(
            String id,
            String home,
            HttpExchange exchange,
            Consumer<RelayFailure> refuse,
            InboundBudget.Share room,
            long since) {
        this.id = id;
        this.home = home;
        this.exchange = exchange;
        this.refuse = refuse;
        this.room = room;
        this.since = since;
    }

    String id() {
        return id;
    }

    String home() {
        return home;
    }

    HttpExchange exchange() {
        return exchange;
    }

    InboundBudget.Share room() {
        return room;
    }

    Consumer<RelayFailure> refuse() {
        return refuse;
    }

    long since() {
        return since;
    }

    String address() {
        return exchange.request().remoteAddress();
    }

    /** How many bytes its body may have, as far as its head says. */
    long announced(int most) {
        String length = exchange.request().header("content-length");
        try {
            return length == null ? most : Math.max(0, Math.min(most, Long.parseLong(length)));
        } catch (NumberFormatException e) {
            return most;
        }
    }

    /** The other node has been sent it. */
    void asked() {
        asked = true;
    }

    boolean isAsked() {
        return asked;
    }

    /** It has ended without the other node's reply. */
    void abandon() {
        abandoned = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** The connection whose messages it waits for; null if it brings some. */
    @Nullable
    String waitingFor() {
        RequestView request = exchange.request();
        return request.method().equals("POST") ? null : request.parameter("sid");
    }

    void lookAgain(Time.Timer timer) {
        look = timer;
        if (over.get()) { // since it was set
            timer.cancel();
        }
    }

    boolean isOver() {
        return over.get();
    }

    /** Ends it; false if it has ended before: somebody else has its answer. */
    boolean end() {
        boolean first = over.compareAndSet(false, true);
        Time.Timer timer = look;
        if (first && timer != null) {
            timer.cancel();
        }
        return first;
    }
}
