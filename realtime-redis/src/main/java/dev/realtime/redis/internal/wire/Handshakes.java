package dev.realtime.redis.internal.wire;

import dev.realtime.HandshakeView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.msgpack.value.ValueType;

/** The handshake of a socket, as upstream has it; what a {@link HandshakeView} does not tell is not there, or empty. */
final class Handshakes {
    /** As JavaScript writes a date, where the clock of the server is in UTC. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "EEE MMM dd yyyy HH:mm:ss 'GMT+0000 (Coordinated Universal Time)'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private Handshakes() {}

    /** Applications on Node.js read {@code handshake.query} and the like without looking whether it is there, so it always is. */
    static void write(@Nullable HandshakeView handshake, MsgpackWriter out) {
        if (handshake == null) {
            out.map(3)
                    .string("headers")
                    .map(0)
                    .string("query")
                    .map(0)
                    .string("auth")
                    .map(0);
            return;
        }
        out.map(9);
        texts("headers", handshake.headers(), out);
        out.string("time").string(TIME.format(handshake.at()));
        out.string("address").string(handshake.address());
        out.string("xdomain").bool(handshake.headers().containsKey("origin"));
        out.string("secure").bool(handshake.secure());
        out.string("issued").integer(handshake.at().toEpochMilli());
        out.string("url").string(url(handshake));
        texts("query", handshake.query(), out);
        out.string("auth").map(0);
    }

    private static void texts(String name, Map<String, String> texts, MsgpackWriter out) {
        out.string(name).map(texts.size());
        new TreeMap<>(texts).forEach((key, value) -> out.string(key).string(value));
    }

    private static String url(HandshakeView handshake) {
        String query = new TreeMap<>(handshake.query())
                .entrySet().stream()
                        .map(one -> encoded(one.getKey()) + '=' + encoded(one.getValue()))
                        .collect(Collectors.joining("&"));
        return query.isEmpty() ? handshake.path() : handshake.path() + '?' + query;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Of a socket or session of another node; null if there is none, or it is not as upstream's. What others are not to be told is not read. */
    static @Nullable HandshakeView read(@Nullable MsgpackValue value) throws BadWireException {
        if (value == null || !value.isMap()) {
            return null;
        }
        MsgpackValue.Members handshake = value.members();
        MsgpackValue issued = handshake.find("issued");
        if (issued == null || !isNumber(issued)) {
            return null;
        }
        String url = orEmpty(text(handshake, "url"));
        int query = url.indexOf('?');
        MsgpackValue secure = handshake.find("secure");
        return HandshakeView.of(
                Instant.ofEpochMilli(issued.whole()),
                orEmpty(text(handshake, "address")),
                secure != null && secure.type() == ValueType.BOOLEAN && secure.bool(),
                query < 0 ? url : url.substring(0, query),
                texts(handshake, "query", HandshakeView.QUERY)::get,
                texts(handshake, "headers", HandshakeView.HEADERS)::get);
    }

    private static boolean isNumber(MsgpackValue value) throws BadWireException {
        ValueType type = value.type();
        return type == ValueType.INTEGER || type == ValueType.FLOAT;
    }

    private static Map<String, String> texts(MsgpackValue.Members handshake, String name, Iterable<String> wanted)
            throws BadWireException {
        MsgpackValue value = handshake.find(name);
        if (value == null || !value.isMap()) {
            return Map.of();
        }
        MsgpackValue.Members members = value.members();
        Map<String, String> texts = new TreeMap<>();
        for (String one : wanted) {
            String text = text(members, one);
            if (text != null) {
                texts.put(one, text);
            }
        }
        return texts;
    }

    private static @Nullable String text(MsgpackValue.Members members, String name) throws BadWireException {
        MsgpackValue value = members.find(name);
        return value != null && value.type() == ValueType.STRING ? value.text() : null;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
