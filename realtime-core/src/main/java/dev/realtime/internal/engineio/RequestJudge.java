package dev.realtime.internal.engineio;

import dev.realtime.internal.limits.ConnectionGate;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.RequestView;
import dev.realtime.transport.Transport;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges every request in the order of the reference implementation (transport, origin, sid, method, version), so that its clients get the
 * errors they know. Thread-safe.
 */
final class RequestJudge {
    private static final Logger LOG = LoggerFactory.getLogger(RequestJudge.class);

    private final Set<Transport> transports;
    private final Cors cors;
    private final BoundedLog lines;
    private final OpenSockets sockets;
    private final ConnectionGate gate;
    private volatile boolean open = true;

    RequestJudge(Set<Transport> transports, Cors cors, BoundedLog lines, OpenSockets sockets, ConnectionGate gate) {
        this.transports = transports;
        this.cors = cors;
        this.lines = lines;
        this.sockets = sockets;
        this.gate = gate;
    }

    /** Admits no further connection from now on. */
    void shut() {
        open = false;
    }

    /** Whether connections are admitted. */
    boolean isOpen() {
        return open;
    }

    /**
     * Judges a request in the order of the reference implementation.
     *
     * @param door the transport over which it came
     * @return null if it is well-formed
     */
    @Nullable
    EngineError judge(RequestView request, Transport door) {
        String wanted = request.parameter("transport");
        boolean known = Transport.POLLING.wireName().equals(wanted)
                || Transport.WEBSOCKET.wireName().equals(wanted);
        if (!known || !transports.contains(transport(wanted))) {
            return EngineError.UNKNOWN_TRANSPORT;
        }
        if (!cors.allows(request)) {
            lines.info(
                    LOG,
                    AddressKey.of(request.remoteAddress()),
                    "refused a page of origin {} that addressed {}, client at {}: it is not on the list of origins",
                    request.header("origin"),
                    request.header("host"),
                    request.remoteAddress());
            return EngineError.FORBIDDEN;
        }
        String sid = sid(request);
        String method = request.method();
        boolean version = "4".equals(request.parameter("EIO"));
        if (sid != null) {
            if (sockets.find(sid) == null) {
                return EngineError.UNKNOWN_SID;
            }
            if (!method.equals("GET") && !method.equals("POST")) {
                return EngineError.BAD_HANDSHAKE_METHOD;
            }
            return door == transport(wanted) && version ? null : EngineError.BAD_REQUEST;
        }
        if (!method.equals("GET")) {
            return EngineError.BAD_HANDSHAKE_METHOD;
        }
        if (door != transport(wanted)) {
            return EngineError.BAD_REQUEST;
        }
        if (!KeptRequests.isPlain(request)) {
            return EngineError.BAD_REQUEST;
        }
        return version ? null : EngineError.UNSUPPORTED_VERSION;
    }

    /** The connection that a request belongs to; null for one that opens a connection. */
    static @Nullable String sid(RequestView request) {
        String sid = request.parameter("sid");
        return sid == null || sid.isEmpty() ? null : sid;
    }

    private static Transport transport(@Nullable String name) {
        return Transport.WEBSOCKET.wireName().equals(name) ? Transport.WEBSOCKET : Transport.POLLING;
    }

    /** Judges whether another connection may be opened by now; null if it may. */
    @Nullable
    Refusal admit(RequestView request) {
        if (!open) {
            return EngineError.UNAVAILABLE;
        }
        ConnectionGate.Refused refused = gate.judge(request.remoteAddress());
        return refused == null ? null : new GateRefusal(refused);
    }
}
