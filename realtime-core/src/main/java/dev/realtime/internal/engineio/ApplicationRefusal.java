package dev.realtime.internal.engineio;

import dev.realtime.internal.json.JsonStrings;
import dev.realtime.spi.HttpReply;
import dev.realtime.transport.RequestDecision;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The application does not want a connection, and says so in its own words. */
record ApplicationRefusal(RequestDecision decision) implements Refusal {

    @Override
    public HttpReply reply(Map<String, String> headers) {
        String message = new String(JsonStrings.quote(decision.message()), StandardCharsets.UTF_8);
        return EngineError.FORBIDDEN.reply(headers, decision.status(), message);
    }

    @Override
    public String toString() {
        return decision.status() + " '" + decision.message() + "'";
    }
}
