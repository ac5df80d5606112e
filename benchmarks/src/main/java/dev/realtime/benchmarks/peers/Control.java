package dev.realtime.benchmarks.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * How the benchmark talks to a server it started: the server says {@code ready} once it listens, answers {@code stats}
 * with the heap in use after a collection, and ends when its standard input does, so that none outlives a broken run.
 */
public final class Control {
    private Control() {}

    public static int port(String[] args) {
        for (int i = 0; i + 1 < args.length; i++) {
            if (args[i].equals("--port")) {
                return Integer.parseInt(args[i + 1]);
            }
        }
        throw new IllegalArgumentException("--port N is required");
    }

    public static void serve() throws IOException {
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals("stats")) {
                System.out.println("heap " + heapAfterCollection());
            }
        }
        // Not a return: pools of the server under test may hold threads that keep the process alive.
        System.exit(0);
    }

    private static long heapAfterCollection() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
