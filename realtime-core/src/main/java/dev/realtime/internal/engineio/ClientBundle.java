package dev.realtime.internal.engineio;

import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The official JavaScript client under the engine's path, as Node.js serves it: a page that loads {@code /socket.io/socket.io.js} from its
 * server has a client that fits. Read from the class path when it is first asked for, and kept.
 */
final class ClientBundle {
    private static final String VERSION = "4.8.4";
    private static final String TAG = '"' + VERSION + '"';
    private static final Set<String> FILES = Set.of(
            "socket.io.js",
            "socket.io.js.map",
            "socket.io.min.js",
            "socket.io.min.js.map",
            "socket.io.esm.min.js",
            "socket.io.esm.min.js.map");

    private final String path;
    private final Map<String, byte[]> read = new ConcurrentHashMap<>();

    /** @param path the engine's, with its last slash */
    ClientBundle(String path) {
        this.path = path;
    }

    /** Whether this is a request for one of its files. */
    boolean has(RequestView request) {
        return request.path().startsWith(path)
                && FILES.contains(request.path().substring(path.length()))
                && (request.method().equals("GET") || request.method().equals("HEAD"));
    }

    /** Reads a file, so not for I/O threads. */
    HttpReply reply(RequestView request, Map<String, String> more) {
        Map<String, String> headers = new LinkedHashMap<>(more);
        headers.put("Cache-Control", "public, max-age=0"); // keep it, but ask whether it is current
        headers.put("ETag", TAG);
        if (isKnown(request.headers().get("if-none-match"))) {
            return new HttpReply(304, headers, new byte[0]);
        }
        String name = request.path().substring(path.length());
        headers.put(
                "Content-Type",
                (name.endsWith(".map") ? "application/json" : "application/javascript") + "; charset=utf-8");
        headers.put("X-Content-Type-Options", "nosniff");
        return new HttpReply(200, headers, read.computeIfAbsent(name, ClientBundle::read));
    }

    private static boolean isKnown(@Nullable List<String> tags) {
        return tags != null && tags.stream().anyMatch(tag -> tag.contains(TAG));
    }

    private static byte[] read(String name) {
        try (InputStream in = ClientBundle.class.getResourceAsStream("client/" + name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read", e);
        }
    }
}
