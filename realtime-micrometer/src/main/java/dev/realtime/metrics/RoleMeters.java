package dev.realtime.metrics;

import dev.realtime.Namespace;
import dev.realtime.Session;
import io.micrometer.core.instrument.Tags;
import java.util.List;

/** The connected sessions of a namespace by the roles that are told apart. */
final class RoleMeters {
    private static final String OTHER = "other";

    private final Namespace namespace;
    private final List<String> roles;

    RoleMeters(Namespace namespace, List<String> roles) {
        this.namespace = namespace;
        this.roles = roles;
    }

    void bind(Meters meters) {
        roles.stream().distinct().forEach(role -> bind(meters, role));
        if (!roles.contains(OTHER)) {
            bind(meters, OTHER);
        }
    }

    private void bind(Meters meters, String role) {
        meters.gauge(
                "sessions.role",
                Tags.of("namespace", namespace.name(), "role", role),
                () -> (double) namespace.sessions().stream()
                        .filter(Session::isConnected)
                        .filter(session -> roleOf(session).equals(role))
                        .count());
    }

    private String roleOf(Session session) {
        for (String role : roles) {
            if (session.principal().roles().contains(role)) {
                return role;
            }
        }
        return OTHER;
    }
}
