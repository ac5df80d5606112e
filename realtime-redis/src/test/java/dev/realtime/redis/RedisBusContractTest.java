package dev.realtime.redis;

import dev.realtime.redis.server.RedisServer;
import dev.realtime.spi.Backend;
import dev.realtime.testkit.contract.BusContract;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisBusContractTest extends BusContract {
    private static @Nullable RedisServer server;

    @BeforeAll
    static void startServer() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    protected Backend join() {
        return RedisBackend.connect(server.url());
    }

    @Override
    protected void await(String what, BooleanSupplier condition) {
        Awaitility.await(what).atMost(Duration.ofSeconds(20)).until(condition::getAsBoolean);
    }
}
