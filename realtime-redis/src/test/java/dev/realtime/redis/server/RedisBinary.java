package dev.realtime.redis.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/** The server's binary: the one that {@value #PROPERTY} names, else that of the embedded-redis artifact. */
final class RedisBinary {
    static final String PROPERTY = "realtime.redis.server";
    private static final String VERSION = "7.0.15";

    private RedisBinary() {}

    static synchronized Path path() {
        String chosen = System.getProperty(PROPERTY);
        if (chosen != null && !chosen.isBlank()) {
            return Path.of(chosen);
        }
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String arch = System.getProperty("os.arch").contains("aarch64") ? "arm64" : "amd64";
        String name = "redis-server-" + VERSION + "-" + os + "-" + arch;
        Path binary = Path.of(System.getProperty("java.io.tmpdir"), "realtime-" + System.getProperty("user.name"), name);
        if (Files.isExecutable(binary)) {
            return binary;
        }
        try (InputStream in = RedisBinary.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no " + name + " on the class path; name one with -D" + PROPERTY);
            }
            Files.createDirectories(binary.getParent());
            Path unpacked = Files.createTempFile(binary.getParent(), name, ".new");
            Files.write(unpacked, in.readAllBytes());
            Files.setPosixFilePermissions(unpacked, PosixFilePermissions.fromString("rwxr-xr-x"));
            return Files.move(unpacked, binary, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
