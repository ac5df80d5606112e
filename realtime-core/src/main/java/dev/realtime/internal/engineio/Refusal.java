package dev.realtime.internal.engineio;

import dev.realtime.spi.HttpReply;
import java.util.Map;

/** Why a request is not served; as text, what the log says of it. */
sealed interface Refusal permits EngineError, ApplicationRefusal, GateRefusal {

    /** @param headers that let a page read the reply */
    HttpReply reply(Map<String, String> headers);
}
