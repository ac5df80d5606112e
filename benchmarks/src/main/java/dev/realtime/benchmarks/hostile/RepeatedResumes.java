package dev.realtime.benchmarks.hostile;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Eight sessions that have missed 90,000 events resume and hang up, 32 times a second in all. */
final class RepeatedResumes implements Attack {
    static final int MISSED = 90_000;
    private static final int SESSIONS = 8;

    private final AtomicInteger turn = new AtomicInteger();

    @Override
    public String name() {
        return "repeated-resumes";
    }

    @Override
    public String run(Intruders intruders) throws Exception {
        List<String> privateIds = missMuch(intruders, SESSIONS);
        intruders.begin();
        Intruders.atRate(32, Duration.ofSeconds(20), () -> {
            WireClient client = intruders.dialer().open();
            client.send("40{\"pid\":\"" + privateIds.get(turn.getAndIncrement() % SESSIONS) + "\"}");
            intruders.run(() -> {
                Thread.sleep(100);
                client.close();
            });
        });
        return turn + " resumes";
    }

    /** Sessions whose clients have gone before much was sent to their room. */
    static List<String> missMuch(Intruders intruders, int sessions) throws IOException, InterruptedException {
        List<String> privateIds = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            try (WireClient client = intruders.dialer().open()) {
                client.send("40");
                String answer = client.await("40");
                int start = answer.indexOf("\"pid\":\"") + 7;
                privateIds.add(answer.substring(start, answer.indexOf('"', start)));
                client.send("42[\"enter\",\"all\"]");
                client.send("42[\"enter\",\"square\"]");
                client.await("42[\"said\""); // the bystander's next words: it has entered
            }
        }
        intruders.connect().send("42[\"burst\"," + MISSED + "]");
        Thread.sleep(4_000);
        return privateIds;
    }
}
