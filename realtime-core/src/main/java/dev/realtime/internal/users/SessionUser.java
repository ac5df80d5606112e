package dev.realtime.internal.users;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A session's place among those of its user. Without rules for users it has none, and neither has an anonymous client. Thread-safe. */
public final class SessionUser {
    private final UserSession session;
    private final @Nullable UserDirectory directory;
    private final Executor begun;
    private volatile @Nullable KnownUser user;
    private boolean over; // guarded by this

    /**
     * @param directory null without rules for users
     * @param begun runs something when a session that is just beginning has begun
     */
    public SessionUser(UserSession session, @Nullable UserDirectory directory, Executor begun) {
        this.session = session;
        this.directory = directory;
        this.begun = begun;
    }

    /** What holds of the user now. */
    public Rights rights() {
        KnownUser known = user;
        return known == null ? Rights.UNCHANGED : known.rights();
    }

    /** The session begins, has come to this node, or its client has shown other credentials. */
    public synchronized void identified() {
        KnownUser known = user;
        if (directory == null || over) {
            return;
        }
        if (known != null && known.id().equals(session.principal().id())) {
            directory.renewed(known);
            return;
        }
        if (known != null) {
            directory.leave(known, session);
        }
        user = session.principal().anonymous() ? null : directory.enter(session, begun);
    }

    /** The session has left this node. */
    public synchronized void left() {
        KnownUser known = user;
        over = true;
        if (directory != null && known != null) {
            directory.leave(known, session);
            user = null;
        }
    }

    /**
     * What is to be done when it turns out that the session has ended everywhere; to be asked before {@link #left}.
     *
     * @return runs at most once
     */
    public Runnable ending() {
        KnownUser known = user;
        UserDirectory at = directory;
        return at == null || known == null ? () -> {} : () -> at.ended(known, session);
    }
}
