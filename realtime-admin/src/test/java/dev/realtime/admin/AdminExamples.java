package dev.realtime.admin;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.spi.Backend;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import java.nio.file.Path;

/** What docs/admin.md shows. */
final class AdminExamples {
    private AdminExamples() {}

    static StandaloneServer start(Backend backend, String passwordHash, Path ui) {
        RealtimeBuilder builder = Realtime.builder().backend(backend).namespace("/", game -> game.allowAnonymous());
        AdminPage.addTo(builder, AdminOptions.basic("admin", passwordHash));
        return StandaloneServer.start(
                builder.build(), StandaloneOptions.DEFAULT.port(3000).staticFiles("/admin", ui));
    }

    static AdminOptions onlyToLookAt(String passwordHash) {
        return AdminOptions.basic("operator", passwordHash)
                .readOnly()
                .serverId("east-1")
                .maxSockets(200)
                .maxEventsPerSecond(20);
    }

    static AdminOptions figuresOfALargeCluster(String passwordHash) {
        return AdminOptions.basic("operator", passwordHash).summaryOnly();
    }
}
