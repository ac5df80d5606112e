package dev.realtime.testkit;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a client learns when a namespace refuses it.
 *
 * @param data missing when the server sent none
 */
public record ConnectError(String message, JsonNode data) {
    /** The {@code code} in the data; empty when there is none. */
    public String code() {
        return data.path("code").asText();
    }
}
