package dev.realtime.redis.faults;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A node in a process of its own, such as a {@link ZoneNode}, that can be killed and frozen. */
final class NodeProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final int port;

    private NodeProcess(Process process, BufferedReader output, int port) {
        this.process = process;
        this.output = output;
        this.port = port;
    }

    /**
     * @param main says {@code port N} on its standard output when it serves, and ends with its standard input
     * @param log where its standard error goes
     */
    static NodeProcess start(Class<?> main, File log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectError(log).start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        if (line == null || !line.startsWith("port ")) {
            process.destroyForcibly();
            throw new IOException(
                    "the node did not start but said '" + line + "'; its log: " + Files.readString(log.toPath()));
        }
        return new NodeProcess(process, output, Integer.parseInt(line.substring(5)));
    }

    int port() {
        return port;
    }

    /** Gives it a command and returns the line that it answers. */
    String ask(char command) throws IOException {
        process.getOutputStream().write(command);
        process.getOutputStream().flush();
        return output.readLine();
    }

    boolean isUp() {
        return process.isAlive();
    }

    /** As {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** In good order: its sessions go to the other nodes. */
    void stop() throws IOException, InterruptedException {
        process.getOutputStream().write(ZoneNode.STOP);
        process.getOutputStream().flush();
        process.waitFor();
    }

    /** As {@code kill} and every orchestrator do: SIGTERM. Returns how long it took to end. */
    Duration terminate() throws IOException, InterruptedException {
        long from = System.nanoTime();
        askToEnd();
        awaitEnd();
        return Duration.ofNanos(System.nanoTime() - from);
    }

    void askToEnd() throws IOException, InterruptedException {
        signal("-TERM"); // Process.destroy() would close its standard input too
    }

    void awaitEnd() throws InterruptedException {
        process.waitFor();
    }

    void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill " + name + " ended with " + code);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
