package dev.realtime.standalone;

import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.drain.DrainOptions;
import dev.realtime.limits.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the JVM compile what clients will need before they come: one client after another connects to an engine that is there for that alone, says
 * something, and leaves. The engine of the application, its handlers and its backend have no part in it.
 */
final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    private static final Request<String, String> ECHO = Request.of("echo", String.class, String.class);
    private static final int NO_LIMIT = 1_000_000;
    private static final String LOOPBACK = InetAddress.getLoopbackAddress().getHostAddress(); // the client's too

    private WarmUp() {}

    /**
     * Runs for a time, on the calling thread. Ends early when that is interrupted, or when the loopback address does not serve.
     *
     * @return how many clients have come and gone
     */
    static int run(Duration time) {
        if (Thread.currentThread().isInterrupted()) {
            return 0;
        }
        LOG.info("warming up for {}, with a node of its own", time);
        int clients = 0;
        try (Realtime engine = engine();
                StandaloneServer server = StandaloneServer.start(
                        engine,
                        StandaloneOptions.DEFAULT.host(LOOPBACK).port(0).drain(DrainOptions.within(Duration.ZERO)))) {
            long begin = System.nanoTime();
            do {
                WarmUpClient.visit(server.port());
                clients++;
            } while (System.nanoTime() - begin < time.toNanos()
                    && !Thread.currentThread().isInterrupted());
        } catch (IOException | RuntimeException e) {
            LOG.warn("the warm-up has ended early, after {} clients", clients, e);
        }
        LOG.info("warmed up by {} clients", clients);
        return clients;
    }

    private static Realtime engine() {
        return Realtime.builder()
                .limits(Limits.DEFAULT
                        .handshakesPerSecond(NO_LIMIT)
                        .handshakesPerSecondPerIp(NO_LIMIT)
                        .connectsPerMinutePerIp(NO_LIMIT)
                        .maxSuspendedPerIp(1))
                .namespace(
                        "/",
                        namespace -> namespace.allowAnonymous().on(ECHO, (session, text) -> {
                            var unused = session.namespace().emit(WarmUpClient.HEARD, text);
                            return text;
                        }))
                .build();
    }
}
