package dev.realtime.standalone;

import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Small files under a path prefix: GET and HEAD, {@code index.html} for a folder, entity tags, nothing outside of the source. */
final class StaticFiles implements RestHandler {
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

    /** {@code prefix} starts and ends with a slash. */
    StaticFiles(String prefix, StaticSource source) {
        this.prefix = prefix;
        this.source = source;
    }

    int prefixLength() {
        return prefix.length();
    }

    boolean covers(String path) {
        return path.startsWith(prefix);
    }

    @Override
    public HttpReply handle(RequestView request, byte[] body) throws IOException {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return Json.error(405, "method not allowed", "Allow", "GET, HEAD");
        }
        String path = request.path().substring(prefix.length());
        if (path.isEmpty() || path.endsWith("/")) {
            path += "index.html";
        }
        byte[] file = isSafe(path) ? read(path) : null;
        return file == null ? Json.error(404, "not found") : found(request, path, file);
    }

    private byte @Nullable [] read(String path) throws IOException {
        try {
            return source.read(path);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static boolean isSafe(String path) {
        return !path.startsWith("/")
                && path.chars().noneMatch(c -> c == '\\' || c == ':' || c < ' ')
                && !Arrays.asList(path.split("/", -1)).contains("..");
    }

    private static HttpReply found(RequestView request, String path, byte[] file) {
        Map<String, String> headers = new HashMap<>();
        String tag = tag(file);
        headers.put("ETag", tag);
        headers.put("Cache-Control", "no-cache"); // keep it, but ask whether it is current
        headers.put("X-Content-Type-Options", "nosniff");
        List<String> known = request.headers().getOrDefault("if-none-match", List.of());
        if (known.stream().anyMatch(value -> value.contains(tag) || value.equals("*"))) {
            return new HttpReply(304, headers, new byte[0]);
        }
        String extension = path.substring(path.lastIndexOf('.') + 1).toLowerCase(java.util.Locale.ROOT);
        headers.put("Content-Type", TYPES.getOrDefault(extension, "application/octet-stream"));
        return new HttpReply(200, headers, file);
    }

    private static String tag(byte[] file) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(file);
            return '"' + HexFormat.of().formatHex(digest, 0, 12) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
