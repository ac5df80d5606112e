package dev.realtime.internal.namespace;

/** What namespaces hold in memory, added up. Not thread-safe. */
public final class HeldBytes {
    private long replay;
    private long replayLimit;
    private long presence;
    private long states;
    private long mail;

    void addReplay(long bytes, long limit) {
        replay += bytes;
        replayLimit += limit;
    }

    void addPresence(long bytes) {
        presence += bytes;
    }

    void addStates(long bytes) {
        states += bytes;
    }

    void addMail(long bytes) {
        mail += bytes;
    }

    /** Recent events, for clients that come back. */
    public long replay() {
        return replay;
    }

    /** How many bytes of them there may be in the namespaces of this moment. */
    public long replayLimit() {
        return replayLimit;
    }

    /** Who is there, in the whole cluster. */
    public long presence() {
        return presence;
    }

    /** Shared states, as they were seen last. */
    public long states() {
        return states;
    }

    /** Messages that were found in mailboxes and have not been handed on. */
    public long mail() {
        return mail;
    }
}
