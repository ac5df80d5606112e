package dev.realtime.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client keeps of its session to get it back, exactly as the official client does: the private id of the last CONNECT, and any trailing string of an
 * event that asks for no acknowledgement as the offset. A fresh session does not reset the offset. Not thread-safe.
 */
final class RecoveryState {
    private @Nullable String privateId;
    private @Nullable String offset;
    private boolean recovered;

    /** Sets what the next CONNECT shows. */
    void forge(@Nullable String forgedId, @Nullable String forgedOffset) {
        privateId = forgedId;
        offset = forgedOffset;
    }

    /** Adds what is kept to the payload of a CONNECT. */
    void show(ObjectNode connect) {
        if (privateId != null) {
            connect.put("pid", privateId);
            if (offset != null) {
                connect.put("offset", offset);
            }
        }
    }

    /** Takes the server's answer to a CONNECT. */
    void connected(JsonNode answer) {
        String given = answer.hasNonNull("pid") ? answer.path("pid").asText() : null;
        recovered = given != null && given.equals(privateId);
        privateId = given;
    }

    /** Takes the offset off the arguments of an event, and keeps it. Returns null when there is none. */
    @Nullable
    String takeOffset(List<JsonNode> arguments, boolean asksForAck) {
        JsonNode last = arguments.get(arguments.size() - 1);
        if (privateId == null || asksForAck || !last.isTextual()) {
            return null;
        }
        arguments.remove(arguments.size() - 1);
        offset = last.asText();
        return offset;
    }

    @Nullable
    String privateId() {
        return privateId;
    }

    @Nullable
    String offset() {
        return offset;
    }

    /** Whether the last CONNECT brought the old session back. */
    boolean isRecovered() {
        return recovered;
    }
}
