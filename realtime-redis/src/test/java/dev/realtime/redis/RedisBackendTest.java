package dev.realtime.redis;

import dev.realtime.redis.server.RedisServer;
import dev.realtime.spi.Backend;
import dev.realtime.testkit.contract.BackendContract;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import redis.clients.jedis.Jedis;

class RedisBackendTest extends BackendContract {
    private static @Nullable RedisServer server;
    private @Nullable Backend backend;

    @BeforeAll
    static void startServer() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    protected synchronized Backend backend() {
        if (backend == null) {
            try (Jedis jedis = server.jedis()) {
                jedis.flushAll();
            }
            backend = RedisBackend.connect(RedisOptions.of(server.url()).leastEntries(1_000));
        }
        return backend;
    }

    @AfterEach
    void closeBackend() {
        if (backend != null) {
            backend.close();
            backend = null;
        }
    }

    @Override
    protected void silence() {
        server.stop();
    }

    @Override
    protected void answer() {
        server.proceed();
    }

    /** Redis has no clock that could be set: a second of the contract lasts a tenth. */
    @Override
    protected Duration lasting(Duration time) {
        return time.dividedBy(10);
    }

    @Override
    protected void elapse(Duration time) {
        long end = System.nanoTime() + lasting(time).toNanos();
        for (long left = 1; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
