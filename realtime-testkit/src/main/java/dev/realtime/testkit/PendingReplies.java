package dev.realtime.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The acknowledgements that a client waits for over one connection. Not thread-safe. */
final class PendingReplies {
    private final Map<Long, TestReply<?>> replies = new HashMap<>();
    private long next;

    /** Returns the id to ask for. */
    long add(TestReply<?> reply) {
        long id = next++;
        replies.put(id, reply);
        return id;
    }

    /** Takes an acknowledgement. Returns null for one that was asked for over an earlier connection, and forgotten with it. */
    @Nullable
    TestReply<?> complete(ClientPacket packet) {
        TestReply<?> reply = replies.get(packet.id());
        if (reply == null) {
            if (packet.id() != null && packet.id() < next) {
                return null;
            }
            throw new AssertionError("an acknowledgement that nobody asked for: " + packet);
        }
        List<JsonNode> arguments = new ArrayList<>();
        packet.data().forEach(arguments::add);
        reply.complete(arguments);
        return reply;
    }

    /** The connection is over: nothing more is waited for. */
    void clear() {
        replies.clear();
    }
}
