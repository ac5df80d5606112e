package dev.realtime.benchmarks.hostile;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The server under attack: a process of its own, and what can be seen of it from outside. */
final class Target implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;

    private final Process process;
    private final BufferedReader out;
    private final BufferedWriter in;
    private final Path log;
    private final int port;

    private Target(Process process, Path log) throws IOException {
        this.process = process;
        this.log = log;
        out = process.inputReader(StandardCharsets.UTF_8);
        in = process.outputWriter(StandardCharsets.UTF_8);
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the server did not start, see " + log);
        }
        port = Integer.parseInt(line);
    }

    static Target start(Attack attack, Path directory) throws IOException {
        Path log = Files.createDirectories(directory.resolve("target")).resolve("hostile-" + attack.name() + ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + attack.heapMegabytes() + "m",
                "-cp",
                System.getProperty("java.class.path"),
                HostileServer.class.getName()));
        command.addAll(attack.serverArguments());
        return new Target(
                new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
    }

    int port() {
        return port;
    }

    Duration cpu() {
        return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** The most memory that it ever had from the system; 0 if it has ended. */
    long peakResidentBytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024)
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Heap in use after a full collection; empty when it gives no answer. */
    OptionalLong heapBytes() {
        return ask("heap").map(line -> OptionalLong.of(Long.parseLong(line))).orElse(OptionalLong.empty());
    }

    Optional<String> ask(String question) {
        try {
            in.write(question + "\n");
            in.flush();
            return CompletableFuture.supplyAsync(this::line).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (IOException | ExecutionException | TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Optional<String> line() {
        try {
            return Optional.ofNullable(out.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long logBytes() throws IOException {
        return Files.size(log);
    }

    boolean ranOutOfMemory() throws IOException {
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.contains("OutOfMemoryError"));
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
