package dev.realtime.internal.rooms;

import dev.realtime.internal.outbox.Laggards;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The memberships of one room, as an array. Joining and leaving cost the same in a room of ten and of a hundred thousand members, and the fan-out walks
 * a snapshot that is copied only after a change.
 */
final class RoomMembers<M extends Member> {
    private static final Membership<?>[] NONE = {};

    // guarded by this
    private Membership<?>[] memberships = NONE;
    private int size;
    private Membership<?>[] snapshot = NONE;
    private boolean changed;
    private boolean gone;
    private @Nullable BitSet
            moved; // places that have another member than the last time that somebody asked; null: nobody does

    // used in the fan-out's turn only
    private @Nullable Laggards laggards; // null until there are some
    private boolean hasMany; // that are behind
    private @Nullable LaggardSeats seats; // null until there are laggards

    void add(Membership<M> membership) {
        if (size == memberships.length) {
            memberships = Arrays.copyOf(memberships, size == 0 ? 1 : size + (size >> 1) + 1);
        }
        if (moved != null) {
            moved.set(size); // first: it may fail
        }
        membership.slot = size;
        memberships[size++] = membership;
        changed();
    }

    void remove(Membership<M> membership) {
        int slot = membership.slot;
        if (slot < 0) {
            return;
        }
        Membership<?> last = memberships[--size];
        memberships[slot] = last;
        last.slot = slot;
        memberships[size] = null;
        membership.slot = -1;
        changed();
        if (moved != null) { // it has room for all that have been added
            moved.set(slot);
            moved.set(size);
        }
        if (size < memberships.length / 4) {
            memberships = Arrays.copyOf(memberships, Math.max(1, memberships.length / 2));
        }
    }

    /** Members that have left are not kept until somebody looks. */
    private void changed() {
        snapshot = NONE;
        changed = true;
    }

    /** Nobody can enter any more: another room of its name takes its place. */
    boolean isGone() {
        return gone;
    }

    /** Goes if nobody is in it. Returns whether it does. */
    boolean goIfEmpty() {
        gone = size == 0;
        return gone;
    }

    /** Those whose clients are behind; null as long as there were none. In the fan-out's turn only. */
    @Nullable
    Laggards laggards() {
        return laggards;
    }

    /** Whom a member can join that is behind; null as long as it is the only one. In the fan-out's turn only. */
    @Nullable
    Laggards others() {
        if (hasMany && laggards == null) {
            laggards = new Laggards();
        }
        return hasMany ? laggards : null;
    }

    /** Where they are among the members; null as long as there were none. In the fan-out's turn only. */
    @Nullable
    LaggardSeats seats() {
        if (seats == null && laggards != null) {
            seats = new LaggardSeats(laggards);
        }
        return seats;
    }

    /** So many are behind. In the fan-out's turn only. */
    void behind(int members) {
        hasMany = members > 1;
    }

    /** As {@link #snapshot()}; takes the places out of some that have another member than in the snapshot before. In the fan-out's turn only. */
    synchronized Membership<M>[] snapshot(BitSet places) {
        if (moved == null) {
            moved = new BitSet(memberships.length + 1);
            places.clear();
        } else {
            places.andNot(moved);
            moved.clear();
        }
        return snapshot();
    }

    /** Returns all memberships, even those that have ended and have not been passed yet. Not to be modified. */
    @SuppressWarnings("unchecked")
    synchronized Membership<M>[] snapshot() {
        if (changed) {
            snapshot = Arrays.copyOf(memberships, size);
            changed = false;
        }
        return (Membership<M>[]) snapshot;
    }
}
