package dev.realtime.testkit;

import dev.realtime.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** How a client answers what the server asks. Not thread-safe. */
final class ClientAnswers {
    private final ClientJson json;
    private final Map<String, Function<ReceivedEvent, Object[]>> answers = new HashMap<>();

    ClientAnswers(ClientJson json) {
        this.json = json;
    }

    <T, R> void add(Request<T, R> request, Function<T, R> answer) {
        answers.put(request.name(), event -> {
            @SuppressWarnings("NullAway") // a request without a payload has a function that takes null
            R reply = answer.apply(json.payload(request.contract(), event.arguments()));
            List<Object> arguments = new ArrayList<>();
            if (request.isErrorFirst()) {
                arguments.add(json.tree(null));
            }
            if (reply != null) {
                json.arguments(request.replyShape(), reply).forEach(arguments::add);
            }
            return arguments.toArray();
        });
    }

    /** Whether the server asks, and the test has said what to answer. */
    boolean has(ReceivedEvent event) {
        return event.ackId() != null && answers.containsKey(event.name());
    }

    /** The arguments of the answer to an event that {@linkplain #has has} one. */
    Object[] to(ReceivedEvent event) {
        return Objects.requireNonNull(answers.get(event.name())).apply(event);
    }
}
