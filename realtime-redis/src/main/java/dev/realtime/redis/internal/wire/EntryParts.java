package dev.realtime.redis.internal.wire;

import dev.realtime.spi.EventData;
import dev.realtime.spi.EventTerms;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Target;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The members of a stream entry's data, in whatever order they came. */
final class EntryParts {
    @Nullable
    EventData event;

    @Nullable
    BroadcastOptions options;

    @Nullable
    Set<String> rooms;

    @Nullable
    String node;

    EventTerms terms = EventTerms.NONE;

    boolean closes;
    /** Of a note. */
    @Nullable
    String kind;

    @Nullable
    String text;

    /** A request of a Node.js server to one of its own clients, which answers there: recorded, but nobody else's business. */
    boolean wantsAcknowledgement;

    /** Null when the entry is not ours to handle. */
    @Nullable
    LogEntry entry(int type) throws BadWireException {
        if (type == MessageType.NOTE) {
            if (kind == null || text == null) {
                throw new BadWireException("no member 'kind' or 'text'");
            }
            return new LogEntry.Note(kind, text);
        }
        boolean oneNode = type > MessageType.NODE_ONLY;
        if (oneNode && node == null) {
            throw new BadWireException("no member 'node'");
        }
        if (options == null) {
            throw new BadWireException("no member 'opts'");
        }
        Set<String> named = options.rooms();
        Target target =
                new Target(RoomNames.possible(named), RoomNames.possible(options.except()), oneNode ? node : null);
        if (target.rooms().isEmpty() && !named.isEmpty()) {
            return null; // for rooms that nobody here can be in
        }
        return switch (oneNode ? type - MessageType.NODE_ONLY : type) {
            case MessageType.BROADCAST -> {
                if (event == null) {
                    throw new BadWireException("no member 'data' in 'packet'");
                }
                if (wantsAcknowledgement) {
                    yield null;
                }
                yield new LogEntry.Emit(target, event, terms);
            }
            case MessageType.SOCKETS_JOIN -> {
                Set<String> joined = changedRooms();
                RoomNames.check(joined);
                yield new LogEntry.Join(target, joined);
            }
            case MessageType.SOCKETS_LEAVE -> new LogEntry.Leave(target, changedRooms());
            default -> new LogEntry.Disconnect(target, closes);
        };
    }

    private Set<String> changedRooms() throws BadWireException {
        if (rooms == null) {
            throw new BadWireException("no member 'rooms'");
        }
        return rooms;
    }
}
