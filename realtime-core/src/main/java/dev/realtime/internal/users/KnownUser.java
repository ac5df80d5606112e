package dev.realtime.internal.users;

import dev.realtime.spi.Time;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A user who has sessions on this node, or is about to have one, and what has been decided about him. Thread-safe. */
public final class KnownUser {
    private static final long UNKNOWN = -1;
    private static final int GONE = -1;

    private final String id;
    private volatile Rights rights = Rights.UNCHANGED;
    // guarded by this
    private long version = UNKNOWN;
    private UserFacts facts = UserFacts.NONE;
    private long changes; // how often something newer came
    private final Map<UserSession, Long> fences = new LinkedHashMap<>(); // with which each has logged in; 0: not known
    private int holders;
    private UserFacts checked = UserFacts.NONE; // those by which rooms have been asked for last
    private Time.@Nullable Timer nextEnd; // of a grant
    private boolean toBeRead;

    KnownUser(String id) {
        this.id = id;
    }

    public String id() {
        return id;
    }

    /** What holds of this user now: one read of one field, since every event of a client asks. */
    public Rights rights() {
        return rights;
    }

    synchronized UserFacts facts() {
        return facts;
    }

    synchronized boolean isLoaded() {
        return version != UNKNOWN;
    }

    synchronized long changes() {
        return changes;
    }

    // ---- who needs it

    /** False when it has been let go of: another object takes its place. */
    synchronized boolean hold() {
        if (holders < 0) {
            return false;
        }
        holders++;
        return true;
    }

    /** Whether nobody needs it any longer. */
    synchronized boolean letGo() {
        if (--holders == 0) {
            holders = GONE;
            awaitEnd(null);
        }
        return holders < 0;
    }

    synchronized void enter(UserSession session) {
        fences.putIfAbsent(session, 0L);
    }

    synchronized void leave(UserSession session) {
        fences.remove(session);
    }

    synchronized List<UserSession> sessions() {
        return new ArrayList<>(fences.keySet());
    }

    synchronized long fence(UserSession session) {
        return fences.getOrDefault(session, 0L);
    }

    /** The fence of a session by its id; 0 if it is not known. */
    synchronized long fenceOf(String sessionId) {
        long found = 0;
        for (Map.Entry<UserSession, Long> entry : fences.entrySet()) {
            if (entry.getKey().id().equals(sessionId)) {
                found = entry.getValue();
            }
        }
        return found;
    }

    synchronized void fence(UserSession session, long fence) {
        fences.computeIfPresent(session, (known, before) -> Math.max(before, fence));
    }

    // ---- what is known

    /** Whether that is newer than all it knows. */
    synchronized boolean isNews(long newVersion) {
        return newVersion > version;
    }

    /** Takes what is newer than all it knows. Returns whether it is. */
    synchronized boolean learn(long newVersion, UserFacts newFacts, Rights newRights) {
        if (!isNews(newVersion)) {
            return false;
        }
        take(newVersion, newFacts, newRights);
        return true;
    }

    /**
     * Takes what the store has said, even if that is older than what is known: the store has lost what was newer.
     *
     * @param changesBefore how often something newer had come when the store was asked
     * @return false if something newer came since, so that nobody knows which is right, and the store is to be asked again
     */
    synchronized boolean learnAsStored(long newVersion, UserFacts newFacts, Rights newRights, long changesBefore) {
        if (newVersion < version && changes != changesBefore) {
            return false;
        }
        if (newVersion != version) {
            take(newVersion, newFacts, newRights);
        }
        return true;
    }

    /** It is to be read again in a moment. False if that was so already. */
    synchronized boolean willBeReadAgain() {
        boolean first = !toBeRead;
        toBeRead = true;
        return first;
    }

    synchronized void isReadAgain() {
        toBeRead = false;
    }

    /** Whether the user may do other things than when this was asked last. */
    synchronized boolean mayDoOther() {
        boolean other = facts != checked
                && (!facts.granted().equals(checked.granted())
                        || !facts.revoked().equals(checked.revoked()));
        checked = facts;
        return other;
    }

    /** Waits for the end of a grant instead of the one before, as long as anybody needs the user. */
    synchronized void awaitEnd(Time.@Nullable Timer timer) {
        if (nextEnd != null) {
            nextEnd.cancel();
        }
        nextEnd = timer;
        if (holders < 0 && timer != null) {
            timer.cancel();
        }
    }

    private void take(long newVersion, UserFacts newFacts, Rights newRights) {
        version = newVersion;
        facts = newFacts;
        rights = newRights;
        changes++;
    }
}
