package dev.realtime.benchmarks.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How the benchmark talks to a server it started: the server says {@code ready} once it listens, answers {@code stats}
 * with the heap in use after a collection, and further commands if it has any, and ends when its standard input does, so that none outlives a
 * broken run.
 */
public final class Control {
    private Control() {}

    public static int port(String[] args) {
        String port = argument(args, "--port");
        if (port == null) {
            throw new IllegalArgumentException("--port N is required");
        }
        return Integer.parseInt(port);
    }

    /** What follows a switch, or null if it was not given. */
    public static @Nullable String argument(String[] args, String name) {
        for (int i = 0; i + 1 < args.length; i++) {
            if (args[i].equals(name)) {
                return args[i + 1];
            }
        }
        return null;
    }

    /** Whether a switch without a value was given. */
    public static boolean has(String[] args, String name) {
        return List.of(args).contains(name);
    }

    public static void serve() throws IOException {
        serve(Map.of());
    }

    /** @param more commands by their first words; each is given what stands behind that, and answers a line */
    public static void serve(Map<String, UnaryOperator<String>> more) throws IOException {
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals("stats")) {
                System.out.println("heap " + heapAfterCollection());
                continue;
            }
            String[] words = line.split(" ", 2);
            UnaryOperator<String> command = more.get(words[0]);
            if (command != null) {
                System.out.println(command.apply(words[words.length - 1]));
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
