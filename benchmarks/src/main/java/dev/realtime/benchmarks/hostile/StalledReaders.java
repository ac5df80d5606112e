package dev.realtime.benchmarks.hostile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** 1,000 members of a busy room stop reading, and stay. */
final class StalledReaders implements Attack {
    private static final int READERS = 1_000;
    private static final int FLOOD_BYTES = 60_000;
    private static final String READERS_ADDRESS = "127.0.0.3";

    /** The state of a socket whose owner has closed it while the other side takes nothing. */
    private static final String FIN_WAIT_1 = "04";

    private static final String LISTEN = "0A";
    private static final String TIME_WAIT = "06";

    @Override
    public String name() {
        return "stalled-readers";
    }

    @Override
    public String run(Intruders intruders) throws Exception {
        WireClient driver = stall(intruders, READERS);
        intruders.begin();
        Intruders.atRate(20, Duration.ofSeconds(30), () -> driver.send("42[\"flood\",1000]"));
        List<String[]> sockets = sockets(intruders.target().port());
        long unsent = sockets.stream()
                .mapToLong(fields -> Long.parseLong(fields[4].substring(0, 8), 16))
                .sum();
        long closing =
                sockets.stream().filter(fields -> fields[3].equals(FIN_WAIT_1)).count();
        return "%d sockets, %d of them in FIN-WAIT-1, %d MB of the kernel"
                .formatted(sockets.size(), closing, unsent >> 20);
    }

    /** Members of the room that have read nothing until the kernel took no more for them; gives one who can send to it. */
    static WireClient stall(Intruders intruders, int readers) throws IOException, InterruptedException {
        Dialer dialer = intruders.dialer().withSmallBuffer().from(READERS_ADDRESS);
        for (int i = 0; i < readers; i++) {
            intruders.keep(dialer.connect()).send("42[\"enter\",\"all\"]");
            Thread.sleep(3);
        }
        WireClient driver = intruders.connect();
        Intruders.atRate(15, Duration.ofSeconds(5), () -> driver.send("42[\"flood\"," + FLOOD_BYTES + "]"));
        return driver;
    }

    /** What the kernel says of the server's halves of connections. */
    private static List<String[]> sockets(int port) throws IOException {
        String local = String.format(":%04X", port);
        List<String[]> found = new ArrayList<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            Files.readAllLines(Path.of(table)).stream()
                    .map(line -> line.trim().split("\\s+"))
                    .filter(fields -> fields[1].endsWith(local))
                    .filter(fields -> !fields[3].equals(LISTEN) && !fields[3].equals(TIME_WAIT))
                    .forEach(found::add);
        }
        return found;
    }
}
