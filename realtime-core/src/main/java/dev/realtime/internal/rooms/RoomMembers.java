package dev.realtime.internal.rooms;

import java.util.Arrays;

/**
 * The stays of one room as an array: joining and leaving cost the same in a room of ten and of a hundred thousand, and the fan-out
 * walks a snapshot that is copied only after a change.
 */
final class RoomMembers<M extends Member> {
    private static final Membership<?>[] NONE = {};

    // guarded by this
    private Membership<?>[] stays = NONE;
    private int size;
    private Membership<?>[] snapshot = NONE;
    private boolean changed;

    void add(Membership<M> stay) {
        if (size == stays.length) {
            stays = Arrays.copyOf(stays, size == 0 ? 1 : size + (size >> 1) + 1);
        }
        stay.slot = size;
        stays[size++] = stay;
        changed = true;
    }

    void remove(Membership<M> stay) {
        int slot = stay.slot;
        if (slot < 0) {
            return;
        }
        Membership<?> last = stays[--size];
        stays[slot] = last;
        last.slot = slot;
        stays[size] = null;
        stay.slot = -1;
        changed = true;
        if (size < stays.length / 4) {
            stays = Arrays.copyOf(stays, Math.max(1, stays.length / 2));
        }
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** All stays, also those that have ended but not yet been passed; not to be modified. */
    @SuppressWarnings("unchecked")
    synchronized Membership<M>[] snapshot() {
        if (changed) {
            snapshot = Arrays.copyOf(stays, size);
            changed = false;
        }
        return (Membership<M>[]) snapshot;
    }
}
