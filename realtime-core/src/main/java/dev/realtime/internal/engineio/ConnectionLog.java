package dev.realtime.internal.engineio;

import dev.realtime.DisconnectReason;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.BoundedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log lines about the life of one connection. Whoever has the sid may speak for the client, so a line has only the beginning of it; and of
 * the opening request nothing but the address and the user agent, since anything else may be a secret.
 */
record ConnectionLog(BoundedLog lines, EngineSocket socket) {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLog.class);
    private static final int SHOWN = 6;

    void begun() {
        if (LOG.isDebugEnabled()) {
            lines.debug(
                    LOG,
                    client(),
                    "connection {} of the client at {} has begun over {}: {}",
                    sid(),
                    address(),
                    socket.transportName(),
                    socket.request().userAgent().orElse("-"));
        }
    }

    void upgraded() {
        if (LOG.isDebugEnabled()) {
            lines.debug(LOG, client(), "connection {} of the client at {} goes on over websocket", sid(), address());
        }
    }

    /** @param what the client has done */
    void violated(String what) {
        lines.info(LOG, client(), "connection from {} broke the protocol: {}", address(), what);
    }

    void broke(Throwable cause) {
        lines.error(
                LOG,
                client(),
                "connection {} of the client at {} could not be given a message",
                sid(),
                address(),
                cause);
    }

    void ended(DisconnectReason reason) {
        if (reason == DisconnectReason.SLOW_CONSUMER) {
            lines.info(
                    LOG,
                    client(),
                    "connection {} of the client at {} is let go, since it does not read what it is sent: {}",
                    sid(),
                    address(),
                    reason);
        } else if (LOG.isDebugEnabled()) {
            lines.debug(LOG, client(), "connection {} of the client at {} has ended: {}", sid(), address(), reason);
        }
    }

    private String client() {
        return AddressKey.of(address());
    }

    private String address() {
        return socket.request().remoteAddress();
    }

    private String sid() {
        String sid = socket.sid();
        return sid.substring(0, Math.min(SHOWN, sid.length() / 2)) + "…";
    }
}
