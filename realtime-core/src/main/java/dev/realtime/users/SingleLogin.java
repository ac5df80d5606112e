package dev.realtime.users;

/** Who stays when a user logs in a second time, see {@link UserRules#singleLogin(SingleLogin)}. */
public enum SingleLogin {
    /** Both: a user may have any number of sessions. */
    OFF,
    /** The newer session; the older is told and ended, and its client does not come back by itself. */
    NEWER_WINS,
    /** The older session; the newer is refused with {@link dev.realtime.ErrorCode#LOGGED_IN_ELSEWHERE} as long as the older lives or waits for its client. */
    OLDER_WINS
}
