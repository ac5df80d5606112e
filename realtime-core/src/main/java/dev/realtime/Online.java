package dev.realtime;

/** Whether a user is there. */
public enum Online {
    /** At least one connected session. */
    YES,
    /** None, and all nodes have said so. */
    NO,
    /** None is known, and not all nodes have answered. */
    UNKNOWN;

    static Online of(Fetched fetched) {
        for (SessionView session : fetched.sessions()) {
            if (session.connected()) {
                return YES;
            }
        }
        return fetched.complete() ? NO : UNKNOWN;
    }
}
