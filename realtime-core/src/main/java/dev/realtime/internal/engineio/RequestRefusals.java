package dev.realtime.internal.engineio;

import dev.realtime.internal.node.Counters;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses requests: counts those that would have opened a connection, and tells the log why. */
record RequestRefusals(Counters counters, BoundedLog lines, Cors cors) {
    private static final Logger LOG = LoggerFactory.getLogger(RequestRefusals.class);

    /** Returns the reply to a request that would have opened a connection, or taken one over. */
    HttpReply connection(RequestView request, Refusal why) {
        count(request.method(), request.remoteAddress(), why);
        return why.reply(cors.headers(request));
    }

    /** Returns the reply to a request of a connection. */
    HttpReply request(RequestView request, Refusal why) {
        tell(request.method(), request.remoteAddress(), why);
        return why.reply(cors.headers(request));
    }

    /** Counts a refusal that has no HTTP reply. */
    void count(String method, String address, Refusal why) {
        counters.count(Counters.Name.CONNECTIONS_REFUSED);
        if (why instanceof GateRefusal gate) {
            counters.count(gate.counter());
        }
        tell(method, address, why);
    }

    /** At most the method and the address: the rest of a request may be a secret. */
    private void tell(String method, String address, Refusal why) {
        if (LOG.isDebugEnabled()) {
            lines.debug(
                    LOG,
                    AddressKey.of(address),
                    "a {} request of the client at {} was refused: {}",
                    method,
                    address,
                    why);
        }
    }
}
