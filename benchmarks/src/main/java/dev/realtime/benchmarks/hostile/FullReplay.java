package dev.realtime.benchmarks.hostile;

/** One honest client has missed 90,000 events and gets them all. */
final class FullReplay implements Attack {
    @Override
    public String name() {
        return "full-replay";
    }

    @Override
    public String run(Intruders intruders) throws Exception {
        String privateId = RepeatedResumes.missMuch(intruders, 1).get(0);
        intruders.begin();
        long start = System.nanoTime();
        WireClient client = intruders.keep(intruders.dialer().open());
        client.send("40{\"pid\":\"" + privateId + "\"}");
        for (int i = 0; i < RepeatedResumes.MISSED; i++) {
            client.await("42[\"said\",\"missed\"");
        }
        return "all there after %d ms".formatted((System.nanoTime() - start) / 1_000_000);
    }
}
