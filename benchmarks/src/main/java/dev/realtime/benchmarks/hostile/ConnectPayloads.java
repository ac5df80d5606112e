package dev.realtime.benchmarks.hostile;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One client asks for a namespace eight times a second, with a megabyte of small values each time. */
final class ConnectPayloads implements Attack {
    private static final String CONNECT = "40/other,{\"values\":[{}" + ",{}".repeat(330_000) + "]}";

    private final boolean compressed;
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger turnedAway = new AtomicInteger();
    private @Nullable WireClient client;

    ConnectPayloads(boolean compressed) {
        this.compressed = compressed;
    }

    @Override
    public String name() {
        return compressed ? "connect-payloads-compressed" : "connect-payloads";
    }

    @Override
    public List<String> serverArguments() {
        return compressed ? List.of("--compression") : List.of();
    }

    @Override
    public String run(Intruders intruders) throws Exception {
        byte[] deflated = WireClient.deflate(CONNECT);
        Intruders.atRate(8, Duration.ofSeconds(15), () -> attempt(intruders, deflated));
        return "%d of %d bytes sent, connection lost %d times"
                .formatted(sent.get(), compressed ? deflated.length : CONNECT.length(), turnedAway.get());
    }

    private void attempt(Intruders intruders, byte[] deflated) throws IOException {
        try {
            WireClient open = client;
            if (open == null) {
                Dialer dialer = intruders.dialer();
                open = intruders.keep((compressed ? dialer.withCompression() : dialer).connect());
                client = open;
                intruders.run(open::readAll);
            }
            if (compressed) {
                open.sendDeflated(deflated);
            } else {
                open.send(CONNECT);
            }
            open.send("41/other,");
            sent.incrementAndGet();
        } catch (IOException e) {
            turnedAway.incrementAndGet();
            client = null;
        }
    }
}
