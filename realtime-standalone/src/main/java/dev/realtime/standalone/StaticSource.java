package dev.realtime.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/** Where files come from. */
@FunctionalInterface
interface StaticSource {
    /** The file, or null. {@code path} is relative and has no segment that begins with a dot, but for {@code .well-known}. */
    @Nullable
    File find(String path) throws IOException;

    /** A file that can be read. */
    interface File {
        long length();

        /** Another one for other content. */
        String version();

        InputStream open() throws IOException;
    }

    /** Files of a directory; a link that leaves it is not followed. */
    static StaticSource directory(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("static files: there is no directory " + directory);
        }
        return path -> {
            Path file = directory.resolve(path);
            boolean inside = Files.isRegularFile(file) && file.toRealPath().startsWith(directory.toRealPath());
            return inside ? OnDisk.of(file) : null;
        };
    }

    /** Files of a folder on the class path. */
    static StaticSource classpath(String folder, ClassLoader loader) {
        String root = folder.startsWith("/") ? folder.substring(1) : folder;
        String prefix = root.isEmpty() || root.endsWith("/") ? root : root + "/";
        Map<String, File> known =
                new ConcurrentHashMap<>(); // a class path does not change, and only what exists is kept
        return path -> {
            File packed = known.get(path);
            if (packed != null) {
                return packed;
            }
            URL resource = loader.getResource(prefix + path);
            if (resource == null) {
                return null;
            }
            if (resource.getProtocol().equals("file")) {
                Path file = path(resource);
                return Files.isRegularFile(file) ? OnDisk.of(file) : null;
            }
            packed = Packed.of(resource);
            if (packed != null) {
                known.put(path, packed);
            }
            return packed;
        };
    }

    private static Path path(URL resource) throws IOException {
        try {
            return Path.of(resource.toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    /** A file of the file system. */
    record OnDisk(Path file, long length, String version) implements File {
        static OnDisk of(Path file) throws IOException {
            long length = Files.size(file);
            long changed = Files.getLastModifiedTime(file).to(java.util.concurrent.TimeUnit.MICROSECONDS);
            return new OnDisk(file, length, Long.toHexString(changed) + "-" + Long.toHexString(length));
        }

        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(file);
        }
    }

    /** A file in a jar, which knows a checksum of it. */
    record Packed(URL resource, long length, String version) implements File {
        static @Nullable Packed of(URL resource) throws IOException {
            URLConnection connection = resource.openConnection();
            connection.setUseCaches(false);
            if (connection instanceof JarURLConnection jar) {
                try (JarFile opened = jar.getJarFile()) {
                    String name = jar.getEntryName();
                    JarEntry entry = name == null ? null : opened.getJarEntry(name);
                    return entry == null || entry.isDirectory() || entry.getSize() < 0
                            ? null
                            : new Packed(
                                    resource,
                                    entry.getSize(),
                                    Long.toHexString(entry.getCrc()) + "-" + Long.toHexString(entry.getSize()));
                }
            }
            long length = connection.getContentLengthLong();
            return length < 0
                    ? null
                    : new Packed(
                            resource,
                            length,
                            Long.toHexString(connection.getLastModified()) + "-" + Long.toHexString(length));
        }

        @Override
        public InputStream open() throws IOException {
            URLConnection connection = resource.openConnection();
            connection.setUseCaches(false); // closing the stream then closes the jar
            return connection.getInputStream();
        }
    }
}
