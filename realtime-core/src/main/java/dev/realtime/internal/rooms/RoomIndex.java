package dev.realtime.internal.rooms;

import dev.realtime.Position;
import dev.realtime.internal.outbox.Lag;
import dev.realtime.internal.outbox.Laggards;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.spi.Target;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who is in which room of a namespace, by position of the log.
 *
 * <p>Why it is exact: a join reads the log's tail and enters the room under the room's lock, and for each entry the fan-out takes its snapshot of the
 * room under the same lock.
 *
 * <ul>
 *   <li>If the join comes first, the snapshot contains the member, and the entry lies behind the tail that was read exactly if it was appended later.
 *   <li>If the snapshot comes first, its entry had been appended before, so it does not lie behind the tail that is read afterwards.
 * </ul>
 *
 * <p>Either way {@link Membership#covers} says the same now and in any replay. A membership that has ended remains until the fan-out has passed its
 * end, so entries that were emitted before a leave still find the member.
 */
public final class RoomIndex<M extends Member> {
    private final Map<String, RoomMembers<M>> rooms = new ConcurrentHashMap<>();
    private final RoomMembers<M> everybody = new RoomMembers<>();
    private final LaggingRooms<M> lagging;
    private final Queue<Membership<M>> ended = new ConcurrentLinkedQueue<>();
    private final Supplier<Position> tail;
    private final Supplier<Position> passed;
    private final Function<String, @Nullable Membership<M>> presence;

    /**
     * @param tail the log's tail
     * @param passed how far the fan-out has come
     * @param presence the presence of the member with an id, or null
     */
    public RoomIndex(
            Supplier<Position> tail, Supplier<Position> passed, Function<String, @Nullable Membership<M>> presence) {
        this.tail = tail;
        this.passed = passed;
        this.presence = presence;
        this.lagging = new LaggingRooms<>(rooms, presence);
    }

    /** A new member of the namespace as a whole, from the tail on, or from a known position when it is restored. */
    public Membership<M> enter(M member, @Nullable Position known) {
        synchronized (everybody) {
            Membership<M> membership = new Membership<>(member, "", known == null ? tail.get() : known, null);
            everybody.add(membership);
            return membership;
        }
    }

    /** Enters a room from the tail on, or from a known position. */
    public Membership<M> join(M member, String room, @Nullable Position known) {
        while (true) {
            RoomMembers<M> members = room(room);
            synchronized (members) {
                if (!members.isGone()) {
                    Membership<M> membership = new Membership<>(member, room, known == null ? tail.get() : known, null);
                    members.add(membership);
                    member.entered(membership);
                    return membership;
                }
            }
        }
    }

    /** The room of that name, which the fan-out finds from now on, before anybody is in it: who enters reads the tail behind that. It may be gone by then. */
    private RoomMembers<M> room(String name) {
        return rooms.computeIfAbsent(name, none -> new RoomMembers<>());
    }

    /** Puts a membership of a record into its room. */
    public void restore(Membership<M> membership) {
        while (true) {
            RoomMembers<M> members = room(membership.room());
            synchronized (members) {
                if (!members.isGone()) {
                    members.add(membership);
                    return;
                }
            }
        }
    }

    /** Ends a membership at the tail, or at a known position. */
    public void leave(Membership<M> membership, @Nullable Position known) {
        RoomMembers<M> members = membersOf(membership);
        if (members == null) {
            return;
        }
        membership.end();
        synchronized (members) {
            if (membership.isOpen()) {
                membership.leave(known == null ? tail.get() : known);
            }
        }
        retire(membership);
    }

    /** Leaves one room and enters another at one position. */
    public Membership<M> move(Membership<M> from, String to) {
        RoomMembers<M> source = membersOf(from);
        from.end();
        Membership<M> joined = null;
        while (joined == null) {
            RoomMembers<M> target = room(to);
            // two opposite moves at once must not wait for each other
            RoomMembers<M> first = source == null || order(from.room(), to) > 0 ? target : source;
            RoomMembers<M> second = first == target ? (source == null ? target : source) : target;
            synchronized (first) {
                synchronized (second) {
                    if (!target.isGone()) {
                        joined = move(from, target, to);
                    }
                }
            }
        }
        retire(from);
        return joined;
    }

    private Membership<M> move(Membership<M> from, RoomMembers<M> target, String to) {
        Position at = tail.get();
        if (from.isOpen()) {
            from.leave(at);
        }
        Membership<M> membership = new Membership<>(from.member(), to, at, null);
        target.add(membership);
        from.member().entered(membership);
        return membership;
    }

    private static int order(String a, String b) {
        return a.compareTo(b);
    }

    /** Takes note of a join in the log that is earlier than the one which made this membership. */
    public void joinedEarlier(Membership<M> membership, Position position) {
        membership.joinedEarlier(position);
    }

    /** Takes note of a leave in the log that is earlier than the one which has ended this membership. */
    public void leftEarlier(Membership<M> membership, Position position) {
        membership.leftEarlier(position);
    }

    private @Nullable RoomMembers<M> membersOf(Membership<M> membership) {
        return membership.room().isEmpty() ? everybody : rooms.get(membership.room());
    }

    private void retire(Membership<M> membership) {
        Position end = membership.left();
        if (end != null && passed.get().isBefore(end)) {
            ended.add(membership);
        } else {
            remove(membership);
        }
    }

    private void remove(Membership<M> membership) {
        if (membership.room().isEmpty()) {
            synchronized (everybody) {
                everybody.remove(membership);
            }
            return;
        }
        rooms.computeIfPresent(membership.room(), (name, members) -> {
            synchronized (members) {
                members.remove(membership);
                return members.goIfEmpty() ? null : members;
            }
        });
    }

    /** Forgets memberships whose end the fan-out has passed. Called by the fan-out. */
    public void passed(Position position) {
        Membership<M> membership;
        while ((membership = ended.peek()) != null) {
            Position end = membership.left();
            if (end != null && end.isAfter(position)) {
                return;
            }
            ended.poll();
            remove(membership);
        }
    }

    // ---- whom something is for

    /**
     * Gives every member that an entry at this position is for the same, once each. Members of a room whose clients are behind are given it together ({@link Laggards}).
     * In the fan-out's turn only.
     */
    public void deliver(Target target, Position position, CommonDelivery<M> delivery) {
        OutboundMessage given = lagging.give(target, position, delivery);
        try {
            forEach(target, position, new Walk<>(delivery::to, delivery::failed, given, null));
        } finally {
            lagging.met(delivery);
        }
    }

    /**
     * Gives every member that is there now something that may be lost, once each. Whoever turns out to be behind gets what comes next for its room together with
     * others. In the fan-out's turn only.
     *
     * @param failed told what could not be found out about one of them
     */
    public void deliver(Target target, Consumer<M> action, Consumer<Throwable> failed) {
        forEach(target, null, new Walk<>(action, failed, null, passed.get()));
    }

    /** Every member that an entry at this position is for, once each; without a position, whoever is there now. */
    public void forEach(Target target, @Nullable Position position, Consumer<M> action) {
        forEach(target, position, new Walk<>(action, null, null, null));
    }

    private void forEach(Target target, @Nullable Position position, Walk<M> walk) {
        if (target.rooms().isEmpty()) {
            each(everybody, target, position, null, walk);
            return;
        }
        List<String> seen = target.rooms().size() == 1
                ? null
                : new ArrayList<>(target.rooms().size());
        for (String room : target.rooms()) {
            RoomMembers<M> members = rooms.get(room);
            if (members != null) {
                each(members, target, position, seen, walk);
            }
            if (room.indexOf(':') < 0) { // it may be an id; no name that a client chooses is without a colon
                Membership<M> single = presence.apply(room);
                if (single != null
                        && !walk.hasMet(single.member())
                        && isNew(single.member(), seen, position)
                        && (members == null || !single.member().wasIn(room, position))) {
                    var unused = isBehind(single, null, target, position, walk);
                }
            }
            if (seen != null) {
                seen.add(room);
            }
        }
    }

    private void each(
            RoomMembers<M> members,
            Target target,
            @Nullable Position position,
            @Nullable List<String> seen,
            Walk<M> walk) {
        LaggardSeats seats = walk.asksWhoIsBehind() ? members.seats() : null;
        int behind = 0;
        if (seats == null) {
            for (Membership<M> membership : members.snapshot()) {
                if (isBehind(membership, members, target, position, seen, walk)) {
                    behind++;
                }
            }
        } else {
            Membership<M>[] all = seats.begin(members, walk.given());
            behind = seats.served();
            for (int i = seats.next(0); i < all.length; i = seats.next(i + 1)) {
                if (isBehind(all[i], members, target, position, seen, walk)) {
                    behind++;
                    walk.seat(all[i], i, seats);
                }
            }
        }
        if (walk.asksWhoIsBehind()) {
            members.behind(behind);
            lagging.add(members);
        }
    }

    /** Gives something to a member, if it is for it and it has not been given it together with others. Returns whether it is behind, if that matters. */
    private static <M extends Member> boolean isBehind(
            Membership<M> membership,
            RoomMembers<M> members,
            Target target,
            @Nullable Position position,
            @Nullable List<String> seen,
            Walk<M> walk) {
        M member = membership.member();
        return walk.hasMet(member)
                || ((seen == null || isNew(member, seen, position))
                        && isBehind(membership, members.others(), target, position, walk));
    }

    private static <M extends Member> boolean isBehind(
            Membership<M> membership,
            @Nullable Laggards others,
            Target target,
            @Nullable Position position,
            Walk<M> walk) {
        return membership.covers(position)
                && !isExcepted(membership.member(), target, position)
                && walk.meet(membership, others);
    }

    /** Not yet met in one of the target's earlier rooms. */
    private static boolean isNew(Member member, @Nullable List<String> seen, @Nullable Position position) {
        if (seen != null) {
            for (String room : seen) {
                if (isIn(member, room, position)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isExcepted(Member member, Target target, @Nullable Position position) {
        for (String room : target.except()) {
            if (isIn(member, room, position)) {
                return true;
            }
        }
        return false;
    }

    /** A session's id counts as the room that holds it alone. */
    private static boolean isIn(Member member, String room, @Nullable Position position) {
        return member.id().equals(room) || member.wasIn(room, position);
    }

    /** Whether an entry with this target at this position is for this member: the question of a replay. */
    public static boolean concerns(Member member, Membership<?> presence, Target target, @Nullable Position position) {
        if (!presence.covers(position) || isExcepted(member, target, position)) {
            return false;
        }
        if (target.rooms().isEmpty()) {
            return true;
        }
        for (String room : target.rooms()) {
            if (isIn(member, room, position)) {
                return true;
            }
        }
        return false;
    }

    /** Whether something with this target is for this member now. */
    public boolean isFor(M member, Target target) {
        Membership<M> here = presence.apply(member.id());
        return here != null && here.member() == member && concerns(member, here, target, null);
    }

    /** The members of a room at this moment. */
    public List<M> members(String room) {
        RoomMembers<M> members = rooms.get(room);
        List<M> present = new ArrayList<>();
        if (members != null) {
            for (Membership<M> membership : members.snapshot()) {
                if (membership.isOpen()) {
                    present.add(membership.member());
                }
            }
        }
        return present;
    }

    /** The names of the rooms that have members at this moment. */
    public Set<String> names() {
        Set<String> names = new HashSet<>();
        rooms.forEach((name, members) -> {
            for (Membership<M> membership : members.snapshot()) {
                if (membership.isOpen()) {
                    names.add(name);
                    break;
                }
            }
        });
        return names;
    }

    /** How many rooms have members. */
    public int size() {
        return rooms.size();
    }

    /**
     * One way through the members of rooms.
     *
     * @param action what each of them is given
     * @param failed told what could not be found out about one of them; null: nobody asks who is behind
     * @param given what those who are behind have been given together; null for nothing
     * @param here how far the fan-out has come, if what they are given has no position itself: what comes next may be from before a member has joined
     */
    private record Walk<M extends Member>(
            Consumer<M> action,
            @Nullable Consumer<Throwable> failed,
            @Nullable OutboundMessage given,
            @Nullable Position here) {
        boolean asksWhoIsBehind() {
            return failed != null;
        }

        /** Whether it has been given what it is to be given, together with others. */
        boolean hasMet(M member) {
            if (given == null) {
                return false;
            }
            Lag lag = member.lag();
            return lag != null && lag.has(given);
        }

        /** Its member is behind, and need not be looked at next time. Of one that has left and joined again only the membership that lasts has a seat. */
        void seat(Membership<M> membership, int place, LaggardSeats seats) {
            try {
                if (membership.isOpen()) {
                    seats.add(place, membership.member().lag());
                }
            } catch (RuntimeException | Error e) { // it is looked at
                if (failed != null) {
                    failed.accept(e);
                }
            }
        }

        /** Gives it to one of them. Returns whether its client is behind, if that matters. */
        boolean meet(Membership<M> membership, @Nullable Laggards others) {
            M member = membership.member();
            action.accept(member);
            if (failed == null) {
                return false;
            }
            boolean isIn = here == null || !membership.joined().isAfter(here);
            try {
                return member.wasGiven(membership, isIn ? others : null);
            } catch (RuntimeException | Error e) { // it goes on by itself
                failed.accept(e);
                return true;
            }
        }
    }
}
