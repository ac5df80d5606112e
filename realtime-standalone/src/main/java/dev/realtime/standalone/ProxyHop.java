package dev.realtime.standalone;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one proxy says about whoever spoke to it, as it wrote it.
 *
 * @param node who it was: an address, with or without a port; or something that is none
 * @param proto how
 * @param host what was asked for
 */
record ProxyHop(
        @Nullable String node,
        @Nullable String proto,
        @Nullable String host) {
    /** Stands for a part of a header that is malformed. */
    static final ProxyHop UNREADABLE = new ProxyHop(null, null, null);

    private static final Pattern NODE =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([0-9.]+))(?::([0-9]{1,5}|_[A-Za-z0-9._-]+))?");
    private static final int MAX_PORT = 65_535;

    /** Reads one kind of header. */
    @FunctionalInterface
    interface Reader {
        /**
         * What the proxies on the way say, the nearest to this server first; ends with {@link #UNREADABLE} where the rest cannot be read.
         *
         * @param headers by lower-case name
         */
        List<ProxyHop> hops(Map<String, List<String>> headers);
    }

    /** The address without the port; null for {@code unknown}, for names that hide it ({@code _proxy}), and for anything else. */
    @Nullable
    IpAddress address() {
        String text = node;
        if (text == null) {
            return null;
        }
        Matcher parts = NODE.matcher(text);
        if (!parts.matches()) {
            return IpAddress.parse(text); // IPv6 without brackets, as X-Forwarded-For has it
        }
        String port = parts.group(3);
        if (port != null && port.charAt(0) != '_' && Integer.parseInt(port) > MAX_PORT) {
            return null;
        }
        String six = parts.group(1);
        return six == null ? IpAddress.parse(parts.group(2)) : six.indexOf(':') < 0 ? null : IpAddress.parse(six);
    }

    /** Whether the connection was encrypted; {@code unless} where it does not say. */
    boolean secure(boolean unless) {
        return switch (proto == null ? "" : proto.toLowerCase(Locale.ROOT)) {
            case "https", "wss" -> true;
            case "http", "ws" -> false;
            default -> unless;
        };
    }
}
