package dev.realtime.internal.users;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The users whom somebody on this node needs: those that have sessions here, or are about to have one. Thread-safe. */
final class KnownUsers {
    private final Map<String, KnownUser> users = new ConcurrentHashMap<>();

    /** Needs a user from now on; {@link #letGo} must follow. */
    KnownUser hold(String id) {
        while (true) {
            KnownUser user = users.computeIfAbsent(id, KnownUser::new);
            if (user.hold()) {
                return user;
            }
            users.remove(id, user);
        }
    }

    void letGo(KnownUser user) {
        if (user.letGo()) {
            users.remove(user.id(), user);
        }
    }

    /** Null if nobody needs the user. */
    @Nullable
    KnownUser find(String id) {
        return users.get(id);
    }

    List<KnownUser> all() {
        return List.copyOf(users.values());
    }
}
