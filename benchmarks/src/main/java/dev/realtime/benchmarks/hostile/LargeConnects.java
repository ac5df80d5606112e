package dev.realtime.benchmarks.hostile;

/** 16 clients connect with a megabyte of small values each, and the authenticator takes its time. */
final class LargeConnects implements Attack {
    private static final int CONNECTIONS = 16;

    @Override
    public String name() {
        return "large-connects";
    }

    @Override
    public String run(Intruders intruders) throws Exception {
        String connect = "40{\"slow\":\"14000\",\"values\":[{}" + ",{}".repeat(330_000) + "]}";
        for (int i = 0; i < CONNECTIONS; i++) {
            intruders.run(() -> intruders.keep(intruders.dialer().open()).send(connect));
        }
        Thread.sleep(8_000);
        return "";
    }
}
