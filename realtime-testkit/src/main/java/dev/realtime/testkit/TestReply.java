package dev.realtime.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The acknowledgement of a request that a client sent: not there yet, a value, or an error.
 *
 * @param <R> type of the value
 */
public final class TestReply<R> {
    private final TestClient client;
    private final String request;
    private final Class<R> type;
    private @Nullable List<JsonNode> arguments;
    private int count;

    TestReply(TestClient client, String request, Class<R> type) {
        this.client = client;
        this.request = request;
        this.type = type;
    }

    void complete(List<JsonNode> received) {
        arguments = received;
        count++;
    }

    public boolean isAnswered() {
        return arguments != null;
    }

    /** How many acknowledgements came: more than one is an error of the server. */
    public int count() {
        return count;
    }

    /**
     * The value; null for an empty acknowledgement.
     *
     * @throws AssertionError when there is no answer yet, or it is an error
     */
    public @Nullable R value() {
        List<JsonNode> answer = answer();
        if (!answer.isEmpty() && answer.get(0).path("error").has("code")) {
            throw new AssertionError(
                    "'" + request + "' was answered with an error: " + answer + client.receivedSoFar());
        }
        return answer.isEmpty() ? null : client.json().bind(answer.get(0), type);
    }

    /**
     * The code of the error.
     *
     * @throws AssertionError when there is no answer yet, or it is no error
     */
    public String errorCode() {
        return error().path("code").asText();
    }

    /** The error: {@code code}, {@code message} and perhaps {@code retryAfterMs}. */
    public JsonNode error() {
        List<JsonNode> answer = answer();
        JsonNode error =
                answer.isEmpty() ? client.json().tree(null) : answer.get(0).path("error");
        if (!error.has("code")) {
            throw new AssertionError("'" + request + "' was answered without an error: " + answer);
        }
        return error;
    }

    /** The arguments of the acknowledgement as they came. */
    public List<JsonNode> answer() {
        if (arguments == null) {
            throw new AssertionError("'" + request + "' has not been answered" + client.receivedSoFar());
        }
        return arguments;
    }
}
