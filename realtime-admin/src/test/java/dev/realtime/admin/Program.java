package dev.realtime.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A program that a test runs beside itself: it prints lines and may be given some. */
final class Program implements AutoCloseable {
    static final Path SCRIPTS = Path.of(System.getProperty("basedir", "")).resolve("src/test/js");
    private static final String REDIS = "/redis-server-7.0.15-linux-amd64";

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> passed = new ArrayList<>();

    private Program(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read);
        reader.setDaemon(true);
        reader.start();
    }

    private static Program start(Path directory, List<String> command) {
        try {
            return new Program(new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Skips the test, visibly, where Node.js or the packages are missing. */
    static void assumeNode() {
        try {
            start(Path.of("."), List.of("node", "--version")).next(line -> line.startsWith("v"));
        } catch (UncheckedIOException missing) {
            assumeTrue(false, "skipped: the command 'node' is not on the path");
        }
        assumeTrue(
                Files.isDirectory(SCRIPTS.resolve("node_modules/@socket.io/admin-ui")),
                "skipped: the UI is not installed; run: npm ci --prefix realtime-admin/src/test/js");
    }

    static Program node(String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        return start(SCRIPTS, command);
    }

    /** A Redis on a free port, without persistence. */
    static Program redis(Path directory, int port) throws IOException {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "skipped: there is no Redis for this machine");
        Path binary = directory.resolve("redis-server");
        try (InputStream in = Program.class.getResourceAsStream(REDIS)) {
            Files.copy(in, binary);
        }
        Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwxr-xr-x"));
        Program redis = start(
                directory,
                List.of(binary.toString(), "--port", String.valueOf(port), "--bind", "127.0.0.1", "--save", ""));
        redis.next(line -> line.contains("Ready to accept connections"));
        return redis;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void read() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException ended) {
            // with the process
        }
    }

    /** The next line that is wanted. */
    synchronized String next(Predicate<String> wanted) {
        try {
            while (true) {
                String line = lines.poll(30, TimeUnit.SECONDS);
                if (line == null) {
                    throw new AssertionError("the line did not come; others: " + passed);
                }
                if (wanted.test(line)) {
                    return line;
                }
                passed.add(line.length() > 200 ? line.substring(0, 200) : line);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void give(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
