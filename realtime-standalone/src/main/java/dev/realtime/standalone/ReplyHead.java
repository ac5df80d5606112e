package dev.realtime.standalone;

import dev.realtime.spi.HttpReply;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/** The first part of a reply as bytes. */
final class ReplyHead {
    /** Framing is the server's, whatever a handler thinks of it. */
    private static final Set<String> OURS =
            Set.of("content-length", "transfer-encoding", "connection", "keep-alive", "trailer", "upgrade");

    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(101, "Switching Protocols"),
            Map.entry(200, "OK"),
            Map.entry(201, "Created"),
            Map.entry(202, "Accepted"),
            Map.entry(204, "No Content"),
            Map.entry(301, "Moved Permanently"),
            Map.entry(302, "Found"),
            Map.entry(303, "See Other"),
            Map.entry(304, "Not Modified"),
            Map.entry(307, "Temporary Redirect"),
            Map.entry(308, "Permanent Redirect"),
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(408, "Request Timeout"),
            Map.entry(409, "Conflict"),
            Map.entry(413, "Content Too Large"),
            Map.entry(414, "URI Too Long"),
            Map.entry(417, "Expectation Failed"),
            Map.entry(422, "Unprocessable Content"),
            Map.entry(426, "Upgrade Required"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(505, "HTTP Version Not Supported"));

    static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private ReplyHead() {}

    /**
     * @param length of the body
     * @param closes whether it is the connection's last reply
     */
    static byte[] of(int status, Map<String, String> headers, long length, boolean closes) {
        StringBuilder head = start(status);
        append(head, headers);
        if (status >= 200 && status != 204 && status != 304) {
            head.append("Content-Length: ").append(length).append("\r\n");
        }
        if (closes) {
            head.append("Connection: close\r\n");
        }
        return bytes(head);
    }

    /** The reply that ends HTTP on a connection. */
    static byte[] switching(Map<String, String> handshake, Map<String, String> more) {
        StringBuilder head = start(101);
        handshake.forEach((name, value) -> line(head, name, value));
        append(head, more);
        return bytes(head);
    }

    /** Whether a reply has a body at all. */
    static boolean carriesBody(HttpReply reply, String method) {
        return !method.equals("HEAD") && reply.status() != 204 && reply.status() != 304 && reply.body().length > 0;
    }

    private static StringBuilder start(int status) {
        String reason = REASONS.getOrDefault(status, "Status");
        return new StringBuilder(256)
                .append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reason)
                .append("\r\n");
    }

    private static void append(StringBuilder head, Map<String, String> headers) {
        headers.forEach((name, value) -> {
            if (!OURS.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                line(head, name, value);
            }
        });
    }

    private static void line(StringBuilder head, String name, String value) {
        if (!isClean(name) || !isClean(value)) {
            throw new IllegalArgumentException("a header of the reply has a line break in it");
        }
        head.append(name).append(": ").append(value).append("\r\n");
    }

    private static boolean isClean(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static byte[] bytes(StringBuilder head) {
        return head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }
}
