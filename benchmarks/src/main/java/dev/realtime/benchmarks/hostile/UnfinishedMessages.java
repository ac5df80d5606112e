package dev.realtime.benchmarks.hostile;

/** 180 connections that never connect to a namespace send three megabytes each: a packet, one of its attachments, half of the next. */
final class UnfinishedMessages implements Attack {
    private static final int CONNECTIONS = 180;
    private static final int BYTES = 950_000;

    @Override
    public String name() {
        return "unfinished-messages";
    }

    @Override
    public String run(Intruders intruders) throws Exception {
        String text = "452-[\"x\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1},\""
                + "x".repeat(BYTES) + "\"]";
        for (int i = 0; i < CONNECTIONS; i++) {
            intruders.run(() -> {
                WireClient client = intruders.keep(intruders.dialer().open());
                client.send(text);
                client.send(new byte[BYTES]);
                client.begin(new byte[BYTES]);
            });
        }
        Thread.sleep(15_000);
        return "";
    }
}
