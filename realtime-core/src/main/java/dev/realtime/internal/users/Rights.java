package dev.realtime.internal.users;

import dev.realtime.Principal;
import dev.realtime.internal.node.StoreClock;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** What holds of a user on this node, by the node's monotonic clock. What has ended does so without anybody's doing. Immutable. */
public final class Rights {
    /** Nothing has been decided: the credentials alone count. */
    static final Rights UNCHANGED = new Rights(0, false, 0, false, Map.of(), Map.of());

    private final long mutedUntil;
    private final boolean muted;
    private final long restrictedUntil;
    private final boolean restricted;
    private final Map<String, Long> granted;
    private final Map<String, Long> revoked;

    private Rights(
            long mutedUntil,
            boolean muted,
            long restrictedUntil,
            boolean restricted,
            Map<String, Long> granted,
            Map<String, Long> revoked) {
        this.mutedUntil = mutedUntil;
        this.muted = muted;
        this.restrictedUntil = restrictedUntil;
        this.restricted = restricted;
        this.granted = granted;
        this.revoked = revoked;
    }

    static Rights of(UserFacts facts, StoreClock clock) {
        long mutedUntil = facts.mutedUntil();
        long restrictedUntil = facts.restrictedUntil();
        Map<String, Long> granted = deadlines(facts.granted(), clock);
        Map<String, Long> revoked = deadlines(facts.revoked(), clock);
        if (mutedUntil == 0 && restrictedUntil == 0 && granted.isEmpty() && revoked.isEmpty()) {
            return UNCHANGED;
        }
        return new Rights(
                clock.deadline(mutedUntil),
                mutedUntil > 0,
                clock.deadline(restrictedUntil),
                restrictedUntil > 0,
                granted,
                revoked);
    }

    private static Map<String, Long> deadlines(Map<String, Long> ends, StoreClock clock) {
        Map<String, Long> deadlines = new TreeMap<>();
        ends.forEach((permission, end) -> deadlines.put(permission, clock.deadline(end)));
        return deadlines;
    }

    /** Whether nothing has been decided. */
    public boolean isUnchanged() {
        return this == UNCHANGED;
    }

    /** Whether the user has a permission now: by its credentials, unless something else has been decided. */
    public boolean may(Principal principal, String permission, long now) {
        Long end = granted.get(permission);
        if (end != null && end - now > 0) {
            return true;
        }
        end = revoked.get(permission);
        return (end == null || end - now <= 0) && principal.may(permission);
    }

    /** The user as it is now: with what has been granted, and without what has been revoked. */
    Principal applied(Principal principal, long now) {
        if (granted.isEmpty() && revoked.isEmpty()) {
            return principal;
        }
        Set<String> permissions = new HashSet<>(principal.permissions());
        permissions.addAll(granted.keySet());
        permissions.addAll(revoked.keySet());
        permissions.removeIf(permission -> !may(principal, permission, now));
        return principal.permissions(permissions);
    }

    /** How long until the next grant ends, in nanoseconds; empty if none does. */
    OptionalLong nextEnd(long now) {
        return granted.values().stream()
                .mapToLong(end -> end - now)
                .filter(left -> left > 0)
                .min();
    }

    /** For how long the user may not speak, in nanoseconds; 0 if it may. */
    public long mutedFor(long now) {
        return muted ? Math.max(0, mutedUntil - now) : 0;
    }

    /** For how long the user may send nothing at all, in nanoseconds; 0 if it may. */
    public long restrictedFor(long now) {
        return restricted ? Math.max(0, restrictedUntil - now) : 0;
    }
}
