package dev.realtime.benchmarks;

import dev.realtime.benchmarks.load.LoadException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Redis of its own for one measurement, empty and without persistence. Without a {@code redis-server} from the options it is the
 * static one that the embedded-redis artifact carries for Linux on x86-64.
 */
final class RedisProcess implements AutoCloseable {
    private static final String CARRIED = "/redis-server-7.0.15-linux-amd64";

    private final Process process;
    private final int port;

    private RedisProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static RedisProcess start(Options options) throws IOException {
        int port = ServerProcess.freePort();
        Path directory = Files.createDirectories(options.directory().resolve("target/redis"));
        List<String> command = List.of(
                "taskset",
                "-c",
                options.redisCpus(),
                binary(options.redisServer(), directory).toString(),
                "--port",
                String.valueOf(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                directory.toString());
        Process process = new ProcessBuilder(command)
                .redirectError(directory.resolve("redis.log").toFile())
                .start();
        // Unlike the servers it does not end with our end of a pipe.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.contains("Ready to accept connections")) {
                return new RedisProcess(process, port);
            }
        }
        process.destroyForcibly();
        throw new LoadException("redis-server did not start, see " + directory.resolve("redis.log"));
    }

    private static Path binary(@Nullable Path given, Path directory) throws IOException {
        if (given != null) {
            return given;
        }
        Path binary = directory.resolve("redis-server").toAbsolutePath();
        if (!Files.isExecutable(binary)) {
            try (InputStream carried = RedisProcess.class.getResourceAsStream(CARRIED)) {
                if (carried == null) {
                    throw new LoadException("no redis-server on the class path; name one with --redis-server PATH");
                }
                Files.copy(carried, binary);
            }
            Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return binary;
    }

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    RedisClient client() throws IOException {
        return new RedisClient(port);
    }

    long cpuNanos() throws IOException {
        return ProcessTimes.nanos(process.pid());
    }

    /** What it has been asked so far, by everybody. */
    long commands() throws IOException {
        try (RedisClient client = client()) {
            return String.valueOf(client.ask("INFO", "stats"))
                    .lines()
                    .filter(line -> line.startsWith("total_commands_processed:"))
                    .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
