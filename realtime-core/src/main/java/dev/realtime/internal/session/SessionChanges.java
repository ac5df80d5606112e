package dev.realtime.internal.session;

import org.jspecify.annotations.Nullable;

/** Hears how the sessions of a namespace change here, for a feature that tells the other nodes. Called from any thread, under no lock. */
public interface SessionChanges {
    /** Nobody hears of it. */
    SessionChanges UNHEARD = new SessionChanges() {
        @Override
        public void changed(LocalSession session) {}

        @Override
        public void ended(LocalSession session, boolean elsewhere) {}

        @Override
        public void active(LocalSession session) {}
    };

    /** Both hear of it; null for nobody. */
    static SessionChanges both(@Nullable SessionChanges one, @Nullable SessionChanges other) {
        if (one == null || other == null) {
            return one != null ? one : other != null ? other : UNHEARD;
        }
        return new SessionChanges() {
            @Override
            public void changed(LocalSession session) {
                one.changed(session);
                other.changed(session);
            }

            @Override
            public void ended(LocalSession session, boolean elsewhere) {
                one.ended(session, elsewhere);
                other.ended(session, elsewhere);
            }

            @Override
            public void active(LocalSession session) {
                one.active(session);
                other.active(session);
            }
        };
    }

    /** It has begun, or its connection, its rooms or what it remembers have changed, or nothing that matters has. */
    void changed(LocalSession session);

    /**
     * It has ended here.
     *
     * @param elsewhere whether it goes on at another node
     */
    void ended(LocalSession session, boolean elsewhere);

    /** Its client, which {@linkplain ChangeNotifier#idle was idle}, has sent something. */
    void active(LocalSession session);
}
