package dev.realtime.benchmarks.hostile;

/** As many sessions make a handler block for fifteen seconds. */
final class BlockedHandlers implements Attack {
    private final int sessions;

    BlockedHandlers(int sessions) {
        this.sessions = sessions;
    }

    @Override
    public String name() {
        return "blocked-handlers-" + sessions;
    }

    @Override
    public String run(Intruders intruders) throws Exception {
        for (int i = 0; i < sessions; i++) {
            intruders.connect();
        }
        intruders.begin();
        intruders.clients().forEach(client -> intruders.run(() -> client.send("42[\"block\",15000]")));
        Thread.sleep(14_000);
        return "";
    }
}
