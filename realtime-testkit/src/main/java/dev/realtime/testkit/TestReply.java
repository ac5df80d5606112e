package dev.realtime.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.PayloadShape;
import dev.realtime.Request;
import java.lang.reflect.Type;
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
    private final Type type;
    private final PayloadShape shape;
    private final boolean errorFirst;
    private @Nullable List<JsonNode> arguments;
    private int count;

    TestReply(TestClient client, String event, Class<R> type) {
        this.client = client;
        this.request = event;
        this.type = type;
        this.shape = PayloadShape.SINGLE;
        this.errorFirst = false;
    }

    TestReply(TestClient client, Request<?, R> request) {
        this.client = client;
        this.request = request.name();
        this.type = request.reply();
        this.shape = request.replyShape();
        this.errorFirst = request.isErrorFirst();
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
    @SuppressWarnings("unchecked") // it is bound to this type
    public @Nullable R value() {
        List<JsonNode> answer = answer();
        if (errorOf(answer) != null) {
            throw new AssertionError(
                    "'" + request + "' was answered with an error: " + answer + client.receivedSoFar());
        }
        List<JsonNode> values = errorFirst && !answer.isEmpty() ? answer.subList(1, answer.size()) : answer;
        return values.isEmpty() ? null : (R) client.json().value(shape, type, values);
    }

    private @Nullable JsonNode errorOf(List<JsonNode> answer) {
        if (answer.isEmpty()) {
            return null;
        }
        JsonNode error = errorFirst ? answer.get(0) : answer.get(0).path("error");
        return error.has("code") ? error : null;
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
        JsonNode error = errorOf(answer);
        if (error == null) {
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
