package dev.realtime.redis;

import dev.realtime.Event;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.Target;
import java.util.Map;
import java.util.Objects;

/** Everybody in a namespace, and the applications on the nodes that serve it, as a {@link RealtimePublisher} sees them. */
public final class PublisherNamespace extends PublisherAudience {
    private final RealtimePublisher publisher;
    private final String name;

    PublisherNamespace(RealtimePublisher publisher, String name) {
        super(publisher, name, Target.EVERYBODY, Map.of());
        this.publisher = publisher;
        this.name = name;
    }

    /** Returns the namespace's name. */
    public String name() {
        return name;
    }

    /** Emits to the application on all nodes that serve this namespace ({@code serverSideEmit}); may be lost. */
    public <T> void serverEmit(Event<T> event, T payload) {
        Objects.requireNonNull(event, "event");
        publisher.say(name, new BusMessage.ServerEvent(null, publisher.encoder().encode(event, payload)));
    }
}
