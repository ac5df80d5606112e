package dev.realtime.standalone;

import org.jspecify.annotations.Nullable;

/** The addresses that begin alike, as in {@code 10.0.0.0/8} or {@code 2001:db8::/32}, or a single one. */
record Network(IpAddress first, int prefix) {
    private static final int MAPPED = 96; // bits in front of an IPv4 address in IPv6 form

    /** @throws IllegalArgumentException if it is neither an address nor a network, saying what would be right */
    static Network parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        IpAddress first = IpAddress.parse(address);
        if (first == null) {
            throw refused(text, null);
        }
        int prefix = first.bits();
        if (slash >= 0) {
            prefix = prefix(text.substring(slash + 1));
            boolean mapped = first.bits() == 32 && address.indexOf(':') >= 0;
            prefix = mapped && prefix >= 0 ? prefix - MAPPED : prefix;
        }
        if (prefix < 0 || prefix > first.bits()) {
            throw refused(text, null);
        }
        if (!first.masked(prefix).equals(first)) {
            throw refused(text, first.masked(prefix) + "/" + prefix);
        }
        return new Network(first, prefix);
    }

    private static int prefix(String digits) {
        return digits.matches("0|[1-9][0-9]{0,2}") ? Integer.parseInt(digits) : -1;
    }

    private static IllegalArgumentException refused(String text, @Nullable String meant) {
        return new IllegalArgumentException(
                "a trusted proxy is an IP address, or a network such as 10.0.0.0/8 or 2001:db8::/32, but one is '"
                        + text + "'" + (meant == null ? "" : "; its network is " + meant));
    }

    boolean contains(IpAddress address) {
        return address.bits() == first.bits() && address.masked(prefix).equals(first);
    }

    @Override
    public String toString() {
        return first + "/" + prefix;
    }
}
