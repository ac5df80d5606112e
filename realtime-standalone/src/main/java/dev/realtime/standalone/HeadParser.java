package dev.realtime.standalone;

import dev.realtime.spi.QueryString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's head to the letter of RFC 9112. What two readers of the same bytes could understand differently is refused: whoever
 * stands in front of this server must not see other requests than it does.
 */
final class HeadParser {
    static final int MAX_FIELDS = 100;

    private static final int MAX_LENGTH_DIGITS = 15;
    private static final String TOKEN = "!#$%&'*+-.^_`|~";
    private static final String HOST = "-._~!$&'()*+;=%:[]";

    private final byte[] bytes;
    private final Map<String, List<String>> headers = new LinkedHashMap<>();
    private int at;

    private HeadParser(byte[] bytes, int from) {
        this.bytes = bytes;
        this.at = from;
    }

    /** @param bytes hold a head, with all its lines ended by CR LF and the last one empty, from {@code from} on */
    static RequestHead parse(byte[] bytes, int from) throws RequestRefusedException {
        return new HeadParser(bytes, from).head();
    }

    private RequestHead head() throws RequestRefusedException {
        String[] line = requestLine();
        int fields = 0;
        for (int end = lineEnd(); end > at; end = lineEnd()) {
            if (++fields > MAX_FIELDS) {
                throw new RequestRefusedException(431, "too many headers");
            }
            field(bytes, at, end, headers);
            at = end + 2;
        }
        boolean current = line[2].equals("HTTP/1.1");
        String host = host(current);
        Target target = target(line[0], line[1], host);
        expectation();
        return new RequestHead(line[0], target.path(), target.query(), current, headers, length(current));
    }

    private int lineEnd() {
        int end = at;
        while (bytes[end] != '\r') {
            end++;
        }
        return end;
    }

    private static boolean isVersion(String text) {
        return text.equals("HTTP/1.1") || text.matches("HTTP/[0-9]\\.[0-9]");
    }

    private String[] requestLine() throws RequestRefusedException {
        int end = lineEnd();
        String[] parts = new String(bytes, at, end - at, StandardCharsets.ISO_8859_1).split(" ", -1);
        at = end + 2;
        if (parts.length != 3 || !isToken(parts[0]) || !isVersion(parts[2])) {
            throw RequestRefusedException.malformed("bad request line");
        }
        if (!parts[2].equals("HTTP/1.1") && !parts[2].equals("HTTP/1.0")) {
            throw new RequestRefusedException(parts[2].startsWith("HTTP/0") ? 400 : 505, "unsupported version of HTTP");
        }
        return parts;
    }

    /** One line of a head or of a trailer. */
    static void field(byte[] bytes, int from, int end, Map<String, List<String>> to) throws RequestRefusedException {
        int colon = from;
        while (colon < end && isToken(bytes[colon])) {
            colon++;
        }
        if (colon == from || colon == end || bytes[colon] != ':') {
            throw RequestRefusedException.malformed("bad header name");
        }
        int first = colon + 1;
        int last = end;
        while (first < last && isBlank(bytes[first])) {
            first++;
        }
        while (last > first && isBlank(bytes[last - 1])) {
            last--;
        }
        String name = new String(bytes, from, colon - from, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
        to.computeIfAbsent(name, n -> new ArrayList<>(1)).add(value(bytes, first, last));
    }

    private static String value(byte[] bytes, int from, int end) throws RequestRefusedException {
        boolean ascii = true;
        for (int i = from; i < end; i++) {
            byte b = bytes[i];
            if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7f) {
                throw RequestRefusedException.malformed("control character in a header");
            }
            ascii &= b >= 0;
        }
        String text =
                ascii ? new String(bytes, from, end - from, StandardCharsets.US_ASCII) : foreign(bytes, from, end);
        if (!ascii && hasControl(text)) {
            throw RequestRefusedException.malformed("control character in a header");
        }
        return text;
    }

    /** Whether it has one of those behind ASCII. */
    private static boolean hasControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80 && c < 0xa0) {
                return true;
            }
        }
        return false;
    }

    /** UTF-8 where it is, as browsers and games send it, else the Latin-1 of old. */
    private static String foreign(byte[] bytes, int from, int end) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, end - from))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
        }
    }

    private @Nullable String host(boolean required) throws RequestRefusedException {
        List<String> hosts = headers.getOrDefault("host", List.of());
        if (hosts.size() > 1 || (required && hosts.isEmpty())) {
            throw RequestRefusedException.malformed("a request has one Host");
        }
        String host = hosts.isEmpty() ? null : hosts.get(0);
        if (host != null && !isHost(host)) {
            throw RequestRefusedException.malformed("bad Host");
        }
        return host;
    }

    private record Target(String path, @Nullable String query) {}

    private static Target target(String method, String target, @Nullable String host) throws RequestRefusedException {
        int parameters = 0;
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                throw RequestRefusedException.malformed("bad request target");
            }
            parameters += c == '&' ? 1 : 0;
        }
        String origin = target;
        if (target.equals("*") && method.equals("OPTIONS")) {
            return new Target(target, null);
        }
        if (!target.startsWith("/")) {
            String lower = target.toLowerCase(Locale.ROOT);
            int authority = lower.startsWith("http://") ? 7 : lower.startsWith("https://") ? 8 : -1;
            int end = authority;
            while (end >= 0 && end < target.length() && "/?".indexOf(target.charAt(end)) < 0) {
                end++;
            }
            if (authority < 0 || !target.substring(authority, end).equalsIgnoreCase(host)) {
                throw RequestRefusedException.malformed("bad request target");
            }
            String rest = target.substring(end);
            origin = rest.startsWith("/") ? rest : "/" + rest;
        }
        if (parameters > QueryString.MAX_PARAMETERS) {
            throw RequestRefusedException.malformed("too many parameters");
        }
        int question = origin.indexOf('?');
        return question < 0
                ? new Target(origin, null)
                : new Target(origin.substring(0, question), origin.substring(question + 1));
    }

    private void expectation() throws RequestRefusedException {
        for (String expected : headers.getOrDefault("expect", List.of())) {
            if (!expected.equalsIgnoreCase("100-continue")) {
                throw new RequestRefusedException(417, "unknown expectation");
            }
        }
    }

    private long length(boolean current) throws RequestRefusedException {
        List<String> lengths = headers.getOrDefault("content-length", List.of());
        List<String> codings = headers.get("transfer-encoding");
        if (codings != null) {
            if (!current
                    || !lengths.isEmpty()
                    || codings.size() != 1
                    || !codings.get(0).equals("chunked")) {
                throw RequestRefusedException.malformed("bad Transfer-Encoding");
            }
            return RequestHead.CHUNKED;
        }
        if (lengths.isEmpty()) {
            return 0;
        }
        String digits = lengths.get(0);
        if (lengths.size() > 1 || digits.isEmpty() || digits.length() > MAX_LENGTH_DIGITS || !isNumber(digits)) {
            throw RequestRefusedException.malformed("bad Content-Length");
        }
        return Long.parseLong(digits);
    }

    private static boolean isNumber(String digits) {
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** Whether it has the letters of a host and port. */
    static boolean isHost(String text) {
        return consistsOf(text, HOST);
    }

    static boolean isToken(String text) {
        return !text.isEmpty() && consistsOf(text, TOKEN);
    }

    /** Whether there is nothing in it but letters, digits and some others. */
    private static boolean consistsOf(String text, String others) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLetterOrDigit(c) && others.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isToken(byte b) {
        return isLetterOrDigit(b) || (b > 0 && TOKEN.indexOf(b) >= 0);
    }

    private static boolean isLetterOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
