package dev.realtime.simulation;

import dev.realtime.Position;
import dev.realtime.spi.SessionRecord;
import dev.realtime.testkit.InMemoryConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All that is known of one session, on all nodes. */
final class SessionModel {
    final String id;
    String user = "";

    @Nullable
    Position start;

    /** What was lost with the log before it began, and nobody may ever have read, was not for it. */
    final Position lostUntil;

    /** The offset of an earlier session that its client came with. */
    @Nullable
    Position carried;

    String epoch = "";
    boolean recordStored;
    boolean lost; // its record, by the backend, at least once
    boolean claimed; // and neither written nor resumed since: the node may not know
    long claimedAt; // the last time
    boolean lostWithItsClaim;
    final Set<String> claimsLost = new HashSet<>(); // of these nodes, by the backend; not made up for
    boolean left; // its client wanted it to end

    boolean absent; // others have been told that its client is away, and it is not back
    String absenceSaved = ""; // the node that has recorded that

    @Nullable
    String removed; // by which node

    final Set<String> forgotten = new HashSet<>(); // the backend no longer knows that these nodes had ended it

    final Set<String> outOfReach = new HashSet<>(); // of these, who cannot say so again, or not in time

    int copies = 1; // on so many nodes when the backend lost who has it: none of them can know of the others

    String birthplace = ""; // the node that began it
    String holder = ""; // the node whose record is stored
    final Map<String, RoomModel> rooms = new TreeMap<>(); // by node
    final List<Segment> segments = new ArrayList<>();
    final List<String> heard = new ArrayList<>(); // listener calls: "connect n0-…" and so on
    final Set<String> dismissedAt = new HashSet<>(); // nodes where the application ended it without the log
    final Map<Integer, String> begun =
            new HashMap<>(); // requests that a node began to handle before it was told to stop
    final Map<Integer, Integer> before =
            new HashMap<>(); // marks that a handler emitted to the session, by the turn that it answers
    int lastWords; // the mark that was emitted to it directly before it was sent away
    final Map<String, String> ends = new HashMap<>(); // reason of onDisconnect by node
    long endedAt = Long.MAX_VALUE; // when the first of them was told
    long connectedAt = -1; // when its beginning was told

    @Nullable
    SessionRecord stored;

    SessionModel(String id, Position lostUntil) {
        this.id = id;
        this.lostUntil = lostUntil;
    }

    /** Over whichever connection: an old copy of a session may be sent away long after its client has gone on elsewhere. */
    boolean hasGot(int mark) {
        return segments.stream().anyMatch(segment -> segment.hasGot(mark));
    }

    /** The connection over which its client said this. */
    @Nullable
    Segment saidOver(int turn) {
        Segment over = null;
        for (Segment segment : segments) {
            if (segment.from <= turn) {
                over = segment;
            }
        }
        return over;
    }

    RoomModel on(String node) {
        return rooms.computeIfAbsent(node, name -> new RoomModel(List.of()));
    }

    /** One connection of a client over which this session was served. */
    static final class Segment {
        final String client;
        final String node;
        final long since;
        final long begun; // when its client set out for it
        final boolean recovered;
        final RoomModel rooms;
        final List<Got> got = new ArrayList<>();
        boolean over;
        boolean told; // its client has been told what became of the session
        boolean farewell; // and that it is over
        boolean silent; // its client may not have answered a ping
        int from; // the first turn that its client said over it
        int handled; // the last of them
        int knocks; // CONNECTs to namespaces that there are not, over this:

        @Nullable
        InMemoryConnection door;

        int answered; // the last of them that was

        boolean hasGot(int mark) {
            return got.stream().anyMatch(one -> one.mark() == mark);
        }

        Segment(String client, String node, long since, long begun, boolean recovered, RoomModel rooms) {
            this.client = client;
            this.node = node;
            this.since = since;
            this.begun = begun;
            this.recovered = recovered;
            this.rooms = rooms;
        }
    }

    /** An event as the client received it. */
    record Got(int mark, @Nullable Position offset, boolean reliable, long when) {}

    /** The nodes that have it, each for all that it knows. */
    Set<String> homes() {
        Set<String> homes = new HashSet<>();
        for (String call : heard) {
            String node = call.substring(call.lastIndexOf(' ') + 1);
            if (call.startsWith("end ")) {
                homes.remove(node);
            } else {
                homes.add(node);
            }
        }
        if (recordStored) {
            homes.add(holder);
        }
        return homes;
    }

    void saved(SessionRecord session) {
        holder = session.home().node();
        recordStored = true;
        claimed = false;
        claimsLost.remove(holder);
        stored = session;
        if (session.absenceTold() && absent && absenceSaved.isEmpty()) {
            absenceSaved = holder;
        }
        if (start == null) {
            start = session.start();
            epoch = session.epoch();
        }
    }
}
