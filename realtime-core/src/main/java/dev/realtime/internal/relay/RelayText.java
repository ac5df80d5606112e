package dev.realtime.internal.relay;

import dev.realtime.spi.EventData;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.QueryString;
import dev.realtime.spi.RequestView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What nodes tell each other of a request: its head and its body as two binary values. Of the head only what the other node needs to answer it: no
 * cookie, no credential.
 */
final class RelayText {
    private static final List<String> PARAMETERS = List.of("EIO", "transport", "sid");
    private static final List<String> HEADERS = List.of("host", "origin", "content-type", "content-length");

    private static final Pattern STATUS = Pattern.compile("[2-5]\\d\\d");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern VALUE = Pattern.compile("[\\t -~\\x{80}-\\x{ff}]*");

    private static final String PARTS = "{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}";
    private static final byte[] REQUEST = bytes("[\"request\"," + PARTS + "]");
    private static final byte[] GONE = bytes("[\"gone\"]");
    private static final byte[] GONE_WITH = bytes("[\"gone\",{\"_placeholder\":true,\"num\":0}]");
    private static final byte[] REPLY = bytes("[" + PARTS + "]");

    private RelayText() {}

    static EventData request(RequestView request, byte[] body) {
        Map<String, String> head = new LinkedHashMap<>();
        head.put("method", request.method());
        head.put("path", request.path());
        head.put("address", request.remoteAddress());
        head.put("secure", Boolean.toString(request.secure()));
        PARAMETERS.forEach(name -> put(head, "?" + name, request.parameter(name)));
        HEADERS.forEach(name -> put(head, ":" + name, request.header(name)));
        return new EventData(REQUEST, List.of(form(head), body));
    }

    /**
     * The client does not wait any longer.
     *
     * @param connection whose messages it waited for, which are lost if the other node has sent them; null if it brought some itself
     */
    static EventData gone(@Nullable String connection) {
        return connection == null
                ? new EventData(GONE, List.of())
                : new EventData(GONE_WITH, List.of(bytes(connection)));
    }

    /** The connection that was {@link #gone} with; null if none was. */
    static @Nullable String gone(EventData data) {
        return data.attachments().size() == 1 ? new String(data.attachments().get(0), StandardCharsets.UTF_8) : null;
    }

    static EventData reply(HttpReply reply) {
        Map<String, String> head = new LinkedHashMap<>();
        head.put("status", Integer.toString(reply.status()));
        reply.headers().forEach((name, value) -> head.put(":" + name, value));
        return new EventData(REPLY, List.of(form(head), reply.body()));
    }

    /** Whether it is a {@link #request}, and not {@link #gone}. */
    static boolean isRequest(EventData data) {
        return data.attachments().size() == 2;
    }

    /** @throws IllegalArgumentException if it is none */
    static RequestView readRequest(EventData data) {
        Map<String, String> head = head(data);
        Map<String, List<String>> query = new TreeMap<>();
        Map<String, List<String>> headers = new TreeMap<>();
        head.forEach((name, value) -> {
            if (name.startsWith("?")) {
                query.put(name.substring(1), List.of(value));
            } else if (name.startsWith(":")) {
                headers.put(name.substring(1), List.of(value));
            }
        });
        return new RequestView(
                get(head, "method"),
                get(head, "path"),
                query,
                headers,
                get(head, "address"),
                Boolean.parseBoolean(get(head, "secure")));
    }

    /** @throws IllegalArgumentException if it is none that a client can be given */
    static HttpReply readReply(EventData data) {
        Map<String, String> head = head(data);
        Map<String, String> headers = new LinkedHashMap<>();
        head.forEach((name, value) -> {
            if (name.startsWith(":")) {
                headers.put(checked(HEADER, name.substring(1)), checked(VALUE, value));
            }
        });
        return new HttpReply(Integer.parseInt(checked(STATUS, get(head, "status"))), headers, body(data));
    }

    private static String checked(Pattern form, String text) {
        if (!form.matcher(text).matches()) {
            throw new IllegalArgumentException("a relayed reply whose head is malformed");
        }
        return text;
    }

    static byte[] body(EventData data) {
        return data.attachments().get(1);
    }

    private static void put(Map<String, String> head, String name, @Nullable String value) {
        if (value != null) {
            head.put(name, value);
        }
    }

    private static String get(Map<String, String> head, String name) {
        String value = head.get(name);
        if (value == null) {
            throw new IllegalArgumentException("a relayed head without '" + name + "'");
        }
        return value;
    }

    private static byte[] form(Map<String, String> head) {
        StringBuilder form = new StringBuilder();
        head.forEach((name, value) -> form.append(form.isEmpty() ? "" : "&")
                .append(encoded(name))
                .append('=')
                .append(encoded(value)));
        return bytes(form.toString());
    }

    private static Map<String, String> head(EventData data) {
        if (data.attachments().size() != 2) {
            throw new IllegalArgumentException("a relayed message without head or body");
        }
        Map<String, String> head = new LinkedHashMap<>();
        QueryString.parse(new String(data.attachments().get(0), StandardCharsets.UTF_8))
                .forEach((name, values) -> head.put(name, values.get(0)));
        return head;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
