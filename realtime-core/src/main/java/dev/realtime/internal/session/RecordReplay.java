package dev.realtime.internal.session;

import dev.realtime.Position;
import dev.realtime.internal.rooms.Member;
import dev.realtime.internal.rooms.Membership;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionRecord.RoomMembership;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session's record on its way up to date. While the session had no home, or its home had not written everything down yet, the log told the
 * audiences that it is part of to join, leave or disconnect. What the record holds already is recognised by its position, and changes nothing.
 */
public final class RecordReplay implements Member {
    private final SessionRecord session;
    private final Membership<RecordReplay> presence;
    private final List<RoomMembership> memberships;
    private boolean disconnected;

    @SuppressWarnings("this-escape") // the presence is asked later
    public RecordReplay(SessionRecord session) {
        this.session = session;
        this.memberships = new ArrayList<>(session.memberships());
        this.presence = new Membership<>(this, "", session.start(), null);
    }

    /** Entries behind this position may be news to the record. */
    public Position from() {
        return Position.max(session.start(), session.confirmed());
    }

    /** The next entry of the log; what only concerned another node is left out. */
    public void apply(PlacedEntry placed) {
        LogEntry entry = placed.entry();
        Position at = placed.position();
        if (entry instanceof LogEntry.Emit
                || entry instanceof LogEntry.Note
                || entry.target().node() != null
                || !RoomIndex.concerns(this, presence, entry.target(), at)) {
            return;
        }
        if (entry instanceof LogEntry.Join join) {
            join.rooms().forEach(room -> join(room, at));
        } else if (entry instanceof LogEntry.Leave leave) {
            leave(leave.rooms(), at);
        } else {
            disconnected = true;
        }
    }

    private void join(String room, Position at) {
        for (int i = 0; i < memberships.size(); i++) {
            RoomMembership membership = memberships.get(i);
            Position left = membership.left();
            if (!membership.room().equals(room) || (left != null && left.isBefore(at))) {
                continue;
            }
            if (!membership.joined().isAfter(at)) {
                return;
            }
            if (left == null) {
                memberships.set(i, new RoomMembership(room, at, null)); // it came by itself, later in the log
                return;
            }
        }
        memberships.add(new RoomMembership(room, at, null));
    }

    private void leave(Set<String> rooms, Position at) {
        memberships.replaceAll(membership -> rooms.contains(membership.room())
                        && membership.joined().isBefore(at)
                        && (membership.left() == null || membership.left().isAfter(at))
                ? new RoomMembership(membership.room(), membership.joined(), at)
                : membership);
    }

    /** Whether the application has ended the session. */
    public boolean isDisconnected() {
        return disconnected;
    }

    /** The record as it should be. */
    public SessionRecord result() {
        return session.memberships(memberships);
    }

    @Override
    public String id() {
        return session.sessionId();
    }

    @Override
    public boolean wasIn(String room, @Nullable Position position) {
        for (RoomMembership membership : memberships) {
            Position left = membership.left();
            if (membership.room().equals(room)
                    && position != null
                    && position.isAfter(membership.joined())
                    && (left == null || !position.isAfter(left))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void entered(Membership<?> membership) {
        throw new UnsupportedOperationException("a record is in no room");
    }
}
