package dev.realtime.benchmarks.hostile;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One session sends 508 events of 950 KB to a handler that does not come to an end. */
final class FullMailbox implements Attack {
    private static final int EVENTS = 508;

    private final boolean compressed;
    private final AtomicInteger sent = new AtomicInteger();

    FullMailbox(boolean compressed) {
        this.compressed = compressed;
    }

    @Override
    public String name() {
        return compressed ? "full-mailbox-compressed" : "full-mailbox";
    }

    @Override
    public List<String> serverArguments() {
        return compressed ? List.of("--compression") : List.of();
    }

    @Override
    public String run(Intruders intruders) throws Exception {
        Dialer dialer = compressed ? intruders.dialer().withCompression() : intruders.dialer();
        WireClient client = intruders.keep(dialer.connect());
        String event = "42[\"slow\",\"" + "x".repeat(950_000) + "\"]";
        byte[] deflated = WireClient.deflate(event);
        intruders.run(() -> {
            for (int i = 0; i < EVENTS; i++) {
                send(client, event, deflated);
                sent.incrementAndGet();
            }
        });
        Thread.sleep(15_000);
        return "%d of %d events sent%s"
                .formatted(sent.get(), EVENTS, compressed ? " of " + deflated.length + " bytes each" : "");
    }

    private void send(WireClient client, String event, byte[] deflated) throws IOException {
        if (compressed) {
            client.sendDeflated(deflated);
        } else {
            client.send(event);
        }
    }
}
