package dev.realtime.standalone;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code X-Forwarded-For}, {@code -Proto} and {@code -Host}. Each proxy appends to the first; the others are one value that the proxy which the
 * client spoke to has set. Where there are several, the last was written by the proxy nearest to this server.
 */
final class XForwarded implements ProxyHop.Reader {
    @Override
    public List<ProxyHop> hops(Map<String, List<String>> headers) {
        String proto = last(headers, "x-forwarded-proto");
        String host = last(headers, "x-forwarded-host");
        List<String> nodes = values(headers, "x-forwarded-for");
        List<ProxyHop> hops = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0 && hops.size() <= TrustedProxies.MOST_HOPS; i--) {
            hops.add(new ProxyHop(nodes.get(i), proto, host));
        }
        if (hops.isEmpty() && (proto != null || host != null)) {
            hops.add(new ProxyHop(null, proto, host));
        }
        return hops;
    }

    private static @Nullable String last(Map<String, List<String>> headers, String name) {
        List<String> values = values(headers, name);
        return values.isEmpty() ? null : values.get(values.size() - 1);
    }

    /** Several lines are one list (RFC 9110 section 5.3), and what is empty is no part of it. */
    private static List<String> values(Map<String, List<String>> headers, String name) {
        List<String> values = new ArrayList<>();
        for (String line : headers.getOrDefault(name, List.of())) {
            for (String value : line.split(",", -1)) {
                if (!value.isBlank()) {
                    values.add(value.strip());
                }
            }
        }
        return values;
    }
}
