package dev.realtime.admin;

import dev.realtime.Session;
import java.util.ArrayList;
import java.util.List;

/**
 * Who of the administrators at this node has one of its places. Several may be let in before the first of them is there; here one after another takes its place, or finds none. A place is free again
 * when its administrator is not connected any more. Thread-safe.
 */
final class AdminPlaces {
    private final int most;
    private final List<Session> taken = new ArrayList<>(); // guarded by this; as few as there are places

    AdminPlaces(int most) {
        this.most = most;
    }

    /** Whether there is a place for somebody who has come, or come back to the one that it has. */
    synchronized boolean take(Session admin) {
        taken.removeIf(one -> one.id().equals(admin.id()) || !one.isConnected());
        return taken.size() < most && taken.add(admin);
    }
}
