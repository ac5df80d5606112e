package dev.realtime.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where files come from. */
@FunctionalInterface
interface StaticSource {
    /** The file's bytes, or null. {@code path} is relative and has no {@code ..} segment. */
    byte @Nullable [] read(String path) throws IOException;

    /** Files of a directory; a link that leaves it is not followed. */
    static StaticSource directory(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("static files: there is no directory " + directory);
        }
        return path -> {
            Path file = directory.resolve(path);
            boolean inside = Files.isRegularFile(file) && file.toRealPath().startsWith(directory.toRealPath());
            return inside ? Files.readAllBytes(file) : null;
        };
    }

    /** Files of a folder on the class path. */
    static StaticSource classpath(String folder, ClassLoader loader) {
        String root = folder.startsWith("/") ? folder.substring(1) : folder;
        String prefix = root.isEmpty() || root.endsWith("/") ? root : root + "/";
        return path -> {
            URL resource = loader.getResource(prefix + path);
            if (resource == null || isFolder(resource)) {
                return null;
            }
            URLConnection connection = resource.openConnection();
            connection.setUseCaches(false);
            try (InputStream in = connection.getInputStream()) {
                return in.readAllBytes();
            }
        };
    }

    private static boolean isFolder(URL resource) throws IOException {
        if (resource.getProtocol().equals("file")) {
            try {
                return !Files.isRegularFile(Path.of(resource.toURI()));
            } catch (URISyntaxException e) {
                throw new IOException(e);
            }
        }
        return resource.openConnection() instanceof JarURLConnection jar
                && jar.getJarEntry() != null
                && jar.getJarEntry().isDirectory();
    }
}
