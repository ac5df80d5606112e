package dev.realtime.internal.engineio;

import dev.realtime.internal.limits.ConnectionGate;
import dev.realtime.internal.limits.ConnectionGate.Limit;
import dev.realtime.internal.node.Counters;
import dev.realtime.spi.HttpReply;
import java.util.Map;

/** A limit of connections has no room for one more. */
record GateRefusal(ConnectionGate.Refused refused) implements Refusal {

    /** Under what it is counted. */
    Counters.Name counter() {
        return switch (refused.limit()) {
            case ALL -> Counters.Name.CONNECTIONS_REFUSED_FULL;
            case ADDRESS -> Counters.Name.CONNECTIONS_REFUSED_ADDRESS;
            case RATE -> Counters.Name.CONNECTIONS_REFUSED_RATE;
            case ADDRESS_RATE -> Counters.Name.CONNECTIONS_REFUSED_ADDRESS_RATE;
        };
    }

    @Override
    public HttpReply reply(Map<String, String> headers) {
        EngineError error = refused.limit() == Limit.ALL ? EngineError.UNAVAILABLE : EngineError.TOO_MANY;
        return error.reply(headers, refused.retryAfter());
    }

    @Override
    public String toString() {
        return refused.limit().toString();
    }
}
