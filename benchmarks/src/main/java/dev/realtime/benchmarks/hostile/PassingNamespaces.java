package dev.realtime.benchmarks.hostile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** 20,000 namespaces of a pattern are entered and left. */
final class PassingNamespaces implements Attack {
    private static final int NAMESPACES = 20_000;
    private static final int AT_ONCE = 15;

    @Override
    public String name() {
        return "passing-namespaces";
    }

    @Override
    public String run(Intruders intruders) throws Exception {
        long before = intruders.target().heapBytes().orElseThrow();
        int refused = 0;
        for (int i = 0; i < NAMESPACES; i += AT_ONCE) {
            try (WireClient client = intruders.dialer().open()) {
                List<String> entered = new ArrayList<>();
                for (int j = i; j < i + AT_ONCE; j++) {
                    String namespace = "/zone-" + j;
                    client.send("40" + namespace + ",");
                    if (served(client, namespace)) {
                        entered.add(namespace);
                    }
                }
                refused += AT_ONCE - entered.size();
                for (String namespace : entered) {
                    client.send("41" + namespace + ",");
                }
                client.send("40");
                client.await("40"); // all before it has been read
            }
        }
        Thread.sleep(2_000);
        long after = intruders.target().heapBytes().orElseThrow();
        return "%d refused, %d bytes of heap left of each".formatted(refused, (after - before) / NAMESPACES);
    }

    private static boolean served(WireClient client, String namespace) throws IOException {
        while (true) {
            String text = client.read();
            if (text.startsWith("40" + namespace) || text.startsWith("44" + namespace)) {
                return text.startsWith("40");
            }
        }
    }
}
