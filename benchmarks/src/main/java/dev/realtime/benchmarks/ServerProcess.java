package dev.realtime.benchmarks;

import dev.realtime.benchmarks.load.Budget;
import dev.realtime.benchmarks.load.LoadException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running server, pinned to its core, and what the kernel says about it. */
final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final BufferedWriter in;
    private final int port;

    private ServerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
        out = process.inputReader(StandardCharsets.UTF_8);
        in = process.outputWriter(StandardCharsets.UTF_8);
    }

    static ServerProcess start(Server server, Options options) throws IOException {
        return start(server, String.valueOf(options.serverCpu()), List.of(), options);
    }

    /** A server that is one of several on a Redis. */
    static ServerProcess startNode(Server server, RedisProcess redis, Options options) throws IOException {
        return start(server, options.nodeCpus(), List.of("--redis", redis.url()), options);
    }

    private static ServerProcess start(Server server, String cpus, List<String> arguments, Options options)
            throws IOException {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of("taskset", "-c", cpus));
        command.addAll(server.command());
        command.addAll(List.of("--port", String.valueOf(port)));
        command.addAll(arguments);
        Path log = options.directory().resolve("target/" + server.name() + ".log");
        Files.createDirectories(log.getParent());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        ServerProcess started = new ServerProcess(process, port);
        String line = started.out.readLine();
        if (!"ready".equals(line)) {
            started.close();
            throw new LoadException(server.name() + " did not start, see " + log);
        }
        return started;
    }

    int port() {
        return port;
    }

    /** User and system time of all its threads so far, also of those that ended. */
    long cpuNanos() throws IOException {
        return ProcessTimes.nanos(process.pid());
    }

    /**
     * Spent when the server has used that much CPU time from now on, however long it had to wait for its core: so a JIT
     * compiler gets the same warm-up on a busy machine. At most ten times as long on the wall clock.
     */
    Budget cpuBudget(long nanos) throws IOException {
        long end = cpuNanos() + nanos;
        long wallEnd = System.nanoTime() + 10 * nanos;
        return () -> cpuNanos() >= end || System.nanoTime() >= wallEnd;
    }

    /** As {@link #cpuBudget(long)} for several processes together. */
    static Budget cpuBudget(List<ServerProcess> servers, long nanos) throws IOException {
        long end = cpuNanos(servers) + nanos;
        long wallEnd = System.nanoTime() + 10 * nanos;
        return () -> cpuNanos(servers) >= end || System.nanoTime() >= wallEnd;
    }

    static long cpuNanos(List<ServerProcess> servers) throws IOException {
        long sum = 0;
        for (ServerProcess server : servers) {
            sum += server.cpuNanos();
        }
        return sum;
    }

    long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        throw new IOException("no VmRSS of process " + process.pid());
    }

    /** Heap in use after a full collection. */
    long heapBytes() throws IOException {
        return Long.parseLong(ask("stats", "heap ").substring(5));
    }

    /**
     * Gives it a command and returns its answer.
     *
     * @param start of every answer to this command
     */
    String ask(String command, String start) throws IOException {
        in.write(command + "\n");
        in.flush();
        String line = out.readLine();
        if (line == null || !line.startsWith(start)) {
            throw new IOException("asked " + command + ", got " + line);
        }
        return line;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Ends it as a power failure would. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() throws IOException {
        try {
            in.close();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
