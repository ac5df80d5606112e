package dev.realtime.admin;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import java.util.Objects;

/**
 * Lets the Socket.IO Admin UI ({@code @socket.io/admin-ui}, unchanged) connect to an engine. It shows all nodes that share the backend and have this too, and servers of
 * Node.js that use upstream's {@code instrument}. Without this call there is no such namespace.
 *
 * <pre>{@code
 * RealtimeBuilder builder = Realtime.builder().namespace("/", game -> …);
 * AdminPage.addTo(builder, AdminOptions.basic("admin", System.getenv("ADMIN_PASSWORD_HASH")));
 * Realtime realtime = builder.build();
 * }</pre>
 *
 * <p>While no administrator is connected a node asks once in ten seconds whether there is one elsewhere, and does nothing else.
 */
public final class AdminPage {
    private AdminPage() {}

    /**
     * Adds the namespace to which the UI connects.
     *
     * @param builder of an engine that has no namespace of that name
     */
    public static void addTo(RealtimeBuilder builder, AdminOptions options) {
        Objects.requireNonNull(builder, "builder");
        Objects.requireNonNull(options, "options");
        AdminNamespace admin = new AdminNamespace(options);
        builder.namespace(options.namespace(), admin::setUp).onStart((Realtime realtime) -> admin.start(realtime));
    }
}
