package dev.realtime.standalone;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code Forwarded} (RFC 7239). A line is read as a whole or not at all: whoever can leave a quote open must not change what a proxy wrote
 * behind it. Values need no quotes for a colon or brackets, since many proxies forget them.
 */
final class Forwarded implements ProxyHop.Reader {
    @Override
    public List<ProxyHop> hops(Map<String, List<String>> headers) {
        List<String> lines = headers.getOrDefault("forwarded", List.of());
        List<ProxyHop> hops = new ArrayList<>();
        for (int i = lines.size() - 1; i >= 0 && hops.size() <= TrustedProxies.MOST_HOPS; i--) {
            List<ProxyHop> read = new Line(lines.get(i)).read();
            if (read == null) {
                hops.add(ProxyHop.UNREADABLE);
                break;
            }
            for (int k = read.size() - 1; k >= 0; k--) {
                hops.add(read.get(k));
            }
        }
        return hops;
    }

    /** One line of the header. */
    private static final class Line {
        private final String text;
        private final List<ProxyHop> hops = new ArrayList<>();
        private Map<String, String> parameters = new HashMap<>();
        private int at;

        Line(String text) {
            this.text = text;
        }

        /** In the order of the line; null if it is malformed. */
        @Nullable
        List<ProxyHop> read() {
            while (true) {
                blanks();
                if (at < text.length() && ",;".indexOf(text.charAt(at)) < 0 && !parameter()) {
                    return null;
                }
                blanks();
                if (at == text.length() || text.charAt(at) == ',') {
                    element();
                    if (at == text.length()) {
                        return hops;
                    }
                } else if (text.charAt(at) != ';') {
                    return null;
                }
                at++;
            }
        }

        private void element() {
            if (!parameters.isEmpty()) {
                hops.add(new ProxyHop(parameters.get("for"), parameters.get("proto"), parameters.get("host")));
                parameters = new HashMap<>();
            }
        }

        private boolean parameter() {
            int equals = text.indexOf('=', at);
            if (equals <= at || !HeadParser.isToken(text.substring(at, equals))) {
                return false;
            }
            String name = text.substring(at, equals).toLowerCase(Locale.ROOT);
            at = equals + 1;
            String value = at < text.length() && text.charAt(at) == '"' ? quoted() : plain();
            return value != null && parameters.put(name, value) == null; // each at most once
        }

        private @Nullable String quoted() {
            StringBuilder value = new StringBuilder();
            for (at++; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '"') {
                    at++;
                    return value.toString();
                }
                if (c == '\\' && ++at == text.length()) {
                    return null;
                }
                value.append(text.charAt(at));
            }
            return null;
        }

        private @Nullable String plain() {
            int from = at;
            while (at < text.length() && " \t,;\"".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return at == from ? null : text.substring(from, at);
        }

        private void blanks() {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
                at++;
            }
        }
    }
}
