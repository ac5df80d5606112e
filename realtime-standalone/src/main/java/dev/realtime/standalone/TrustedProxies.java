package dev.realtime.standalone;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The proxies whose word about clients a server believes, and the header in which they say it. Whoever connects from another address is the
 * client, whatever headers it sends.
 *
 * <pre>{@code
 * StandaloneOptions.DEFAULT.trustedProxies(TrustedProxies.xForwarded("10.0.0.0/8", "2001:db8:1::/48"))
 * }</pre>
 *
 * <p>One of the two kinds of headers is read, never both: a proxy that sets one passes on what clients send in the other. Proxies are listed by
 * address or network, in numbers; no name server is asked.
 *
 * <p><b>The client</b> is the last address in the chain that is no trusted proxy: what stands before it could be anybody's invention. If all
 * are trusted, it is the first. Ports are left off. Where the chain ends in something else ({@code unknown}, a name such as {@code _hidden}, what
 * cannot be read, or more than {@value #MOST_HOPS} proxies) the client is the last proxy that is known for sure, so that nobody chooses his own address;
 * counted as {@code http.requests.unknown_client}.
 *
 * <p><b>Scheme and host</b> are what is said about that client; what is missing or is no scheme ({@code http}, {@code https}, {@code ws}, {@code wss}) or host is
 * taken from the connection and {@code Host}.
 *
 * @see StandaloneOptions#trustedProxies
 */
public final class TrustedProxies {
    static final int MOST_HOPS = 16;

    private static final int LONGEST_HOST = 261; // a name and a port
    private static final TrustedProxies NONE = new TrustedProxies(List.of(), headers -> List.of());

    private final List<Network> networks;
    private final ProxyHop.Reader reader;

    private TrustedProxies(List<Network> networks, ProxyHop.Reader reader) {
        this.networks = networks;
        this.reader = reader;
    }

    /** Nobody is believed. The default. */
    public static TrustedProxies none() {
        return NONE;
    }

    /**
     * Believes these about {@code X-Forwarded-For}, {@code X-Forwarded-Proto} and {@code X-Forwarded-Host}. A proxy must append to the first, and set
     * the other two or remove them; of several values the last counts.
     *
     * @param networks each an address or a network, {@code 192.0.2.7}, {@code 10.0.0.0/8}, {@code 2001:db8::/32}
     * @throws IllegalArgumentException if there is none, or naming one that is neither, or has bits behind its prefix
     */
    public static TrustedProxies xForwarded(String... networks) {
        return new TrustedProxies(parse(networks), new XForwarded());
    }

    /**
     * Believes these about {@code Forwarded} (RFC 7239) and its parameters {@code for}, {@code proto} and {@code host}. A proxy must append an element.
     *
     * @param networks as in {@link #xForwarded}
     * @throws IllegalArgumentException as in {@link #xForwarded}
     */
    public static TrustedProxies forwarded(String... networks) {
        return new TrustedProxies(parse(networks), new Forwarded());
    }

    private static List<Network> parse(String... networks) {
        Objects.requireNonNull(networks, "networks");
        if (networks.length == 0) {
            throw new IllegalArgumentException("trusted proxies are listed by address or network, but none is");
        }
        return Arrays.stream(networks)
                .map(text -> Network.parse(Objects.requireNonNull(text, "network")))
                .toList();
    }

    /** Whether this end of a socket is one of them. */
    boolean trusts(String peer) {
        if (networks.isEmpty()) {
            return false;
        }
        int zone = peer.indexOf('%');
        IpAddress address = IpAddress.parse(zone < 0 ? peer : peer.substring(0, zone));
        return address != null && trusts(address);
    }

    private boolean trusts(IpAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    /**
     * Who has sent a request.
     *
     * @param headers by lower-case name
     * @param peer the other end of the socket
     * @param secure whether the socket is encrypted
     */
    ClientAddress client(Map<String, List<String>> headers, String peer, boolean secure) {
        if (!trusts(peer)) {
            return new ClientAddress(peer, secure, null, true);
        }
        String address = peer;
        ProxyHop said = null;
        boolean known = false;
        List<ProxyHop> hops = reader.hops(headers);
        for (int i = 0; i < hops.size() && i < MOST_HOPS && !known; i++) {
            ProxyHop hop = hops.get(i);
            said = hop.equals(ProxyHop.UNREADABLE) ? said : hop;
            IpAddress node = hop.address();
            if (node == null) {
                break;
            }
            address = node.toString();
            known = !trusts(node) || i == hops.size() - 1;
        }
        return said == null
                ? new ClientAddress(peer, secure, null, false)
                : new ClientAddress(address, said.secure(secure), host(said.host()), known);
    }

    private static @Nullable String host(@Nullable String said) {
        boolean fits = said != null && !said.isEmpty() && said.length() <= LONGEST_HOST && HeadParser.isHost(said);
        return fits ? said : null;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrustedProxies that
                && networks.equals(that.networks)
                && reader.getClass() == that.reader.getClass();
    }

    @Override
    public int hashCode() {
        return Objects.hash(networks, reader.getClass());
    }

    @Override
    public String toString() {
        return networks.isEmpty() ? "none" : reader.getClass().getSimpleName() + networks;
    }
}
