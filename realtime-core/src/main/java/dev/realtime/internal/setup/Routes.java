package dev.realtime.internal.setup;

import dev.realtime.internal.session.EventRoute;
import dev.realtime.internal.session.ServerRoute;
import java.util.HashMap;
import java.util.Map;

/** Who handles which event: each has one handler. Not thread-safe. */
final class Routes {
    private final Map<String, EventRoute> clients = new HashMap<>();
    private final Map<String, ServerRoute> servers = new HashMap<>();
    private final SharedLimits sharedLimits = new SharedLimits();

    /** @throws IllegalArgumentException if the event has a handler, or its limit differs from that of another one of its category */
    void add(EventRoute route) {
        String name = route.contract().name();
        if (clients.putIfAbsent(name, route) != null) {
            throw new IllegalArgumentException("event '" + name + "' has two handlers; one is right");
        }
        sharedLimits.add(route.contract());
    }

    /** @throws IllegalArgumentException if the event has a handler */
    void add(ServerRoute route) {
        String name = route.contract().name();
        if (servers.putIfAbsent(name, route) != null) {
            throw new IllegalArgumentException("server event '" + name + "' has two handlers; one is right");
        }
    }

    /** Of events that clients send, by name. */
    Map<String, EventRoute> ofClients() {
        return Map.copyOf(clients);
    }

    /** Of events that the application on other nodes emits, by name. */
    Map<String, ServerRoute> ofServers() {
        return Map.copyOf(servers);
    }
}
