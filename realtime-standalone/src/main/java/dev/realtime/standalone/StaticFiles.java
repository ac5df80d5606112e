package dev.realtime.standalone;

import dev.realtime.spi.AddressKey;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Files under a path prefix: GET and HEAD, {@code index.html} for a folder, entity tags, nothing outside of the source, and never a file
 * as a whole in memory.
 */
final class StaticFiles {
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("map", "application/json"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("md", "text/plain; charset=utf-8"),
            Map.entry("xml", "application/xml"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("gif", "image/gif"),
            Map.entry("webp", "image/webp"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff", "font/woff"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("mp3", "audio/mpeg"),
            Map.entry("ogg", "audio/ogg"),
            Map.entry("wasm", "application/wasm"));

    private final String prefix;
    private final StaticSource source;
    private final Place place;

    /**
     * Where the files lie.
     *
     * @param loader of a folder on the class path
     */
    record Place(String folder, @Nullable ClassLoader loader) {
        @Override
        public String toString() {
            return loader == null ? folder : "classpath:" + folder;
        }
    }

    /**
     * @param prefix starts and ends with a slash
     * @param place what the source reads from
     */
    StaticFiles(String prefix, StaticSource source, Place place) {
        this.prefix = prefix;
        this.source = source;
        this.place = place;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StaticFiles that && prefix.equals(that.prefix) && place.equals(that.place);
    }

    @Override
    public int hashCode() {
        return Objects.hash(prefix, place);
    }

    @Override
    public String toString() {
        return prefix + " from " + place;
    }

    int prefixLength() {
        return prefix.length();
    }

    boolean covers(String path) {
        return path.startsWith(prefix);
    }

    void serve(Exchange exchange, Executor workers, BoundedLog lines) throws IOException {
        RequestView request = exchange.request();
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            exchange.reply(JsonReplies.error(405, "method not allowed", "Allow", "GET, HEAD"));
            return;
        }
        String path = request.path().substring(prefix.length());
        if (path.isEmpty() || path.endsWith("/")) {
            path += "index.html";
        }
        StaticSource.File file = isSafe(path) ? find(path) : null;
        if (file == null) {
            exchange.reply(JsonReplies.error(404, "not found"));
        } else {
            found(exchange, path, file, workers, lines);
        }
    }

    private StaticSource.@Nullable File find(String path) throws IOException {
        try {
            return source.find(path);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** Files whose name begins with a dot are nobody's business, but for those that are meant to be found (RFC 8615). */
    private static boolean isSafe(String path) {
        return !path.startsWith("/")
                && path.chars().noneMatch(c -> c == '\\' || c == ':' || c < ' ')
                && Arrays.stream(path.split("/", -1))
                        .noneMatch(segment -> segment.startsWith(".") && !segment.equals(".well-known"));
    }

    private static void found(
            Exchange exchange, String path, StaticSource.File file, Executor workers, BoundedLog lines)
            throws IOException {
        Map<String, String> headers = new HashMap<>();
        String tag = '"' + file.version() + '"';
        headers.put("ETag", tag);
        headers.put("Cache-Control", "no-cache"); // keep it, but ask whether it is current
        headers.put("X-Content-Type-Options", "nosniff");
        List<String> known = exchange.request().headers().getOrDefault("if-none-match", List.of());
        if (known.stream().anyMatch(value -> value.contains(tag) || value.equals("*"))) {
            exchange.reply(new HttpReply(304, headers, new byte[0]));
            return;
        }
        String extension = path.substring(path.lastIndexOf('.') + 1).toLowerCase(java.util.Locale.ROOT);
        headers.put("Content-Type", TYPES.getOrDefault(extension, "application/octet-stream"));
        String client = AddressKey.of(exchange.request().remoteAddress());
        exchange.reply(
                new HttpReply(200, headers, new byte[0]),
                new Download(file.open(), file.length(), workers, lines, client));
    }
}
