package dev.realtime.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event as a client received it.
 *
 * @param arguments without the name and without the offset
 * @param offset the trailing string that the client keeps, if it takes it for one; null otherwise
 * @param ackId the server waits for this acknowledgement; null when it does not
 */
public record ReceivedEvent(
        String name,
        List<JsonNode> arguments,
        @Nullable String offset,
        @Nullable Long ackId) {}
