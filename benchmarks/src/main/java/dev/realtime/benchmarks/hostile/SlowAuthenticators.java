package dev.realtime.benchmarks.hostile;

/** 64 clients come again and again with credentials that take three seconds to judge. */
final class SlowAuthenticators implements Attack {
    private static final int CLIENTS = 64;

    @Override
    public String name() {
        return "slow-authenticators";
    }

    @Override
    public String run(Intruders intruders) throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            intruders.run(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    try (WireClient client = intruders.dialer().open()) {
                        client.send("40{\"slow\":\"3000\"}");
                        client.await("40");
                    }
                }
            });
        }
        Thread.sleep(15_000);
        return "";
    }
}
