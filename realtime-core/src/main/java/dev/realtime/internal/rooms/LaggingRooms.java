package dev.realtime.internal.rooms;

import dev.realtime.Position;
import dev.realtime.internal.outbox.Lag;
import dev.realtime.internal.outbox.Laggards;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.spi.Target;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rooms of a namespace that have members whose clients are behind, and what is for all of such a room: that is given to them together. Whoever an event is not
 * for, since it is excepted, goes on by itself first. Used in the fan-out's turn only.
 *
 * @param <M> the members
 */
final class LaggingRooms<M extends Member> {
    private static final int FEW = 16;

    private final Map<String, RoomMembers<M>> all;
    private final Function<String, @Nullable Membership<M>> presence;
    private final Set<RoomMembers<M>> rooms = new LinkedHashSet<>(); // some may have none any more
    private int most = FEW; // as many before those go that have none
    private final List<Laggards> given = new ArrayList<>();

    /**
     * @param all the rooms by their names, but for the one of everybody
     * @param presence the presence of the member with an id, or null
     */
    LaggingRooms(Map<String, RoomMembers<M>> all, Function<String, @Nullable Membership<M>> presence) {
        this.all = all;
        this.presence = presence;
    }

    /** A room may have some from now on. */
    void add(RoomMembers<M> room) {
        Laggards laggards = room.laggards();
        if (laggards != null && !laggards.isEmpty() && rooms.add(room) && rooms.size() > most) {
            forgetEmpty();
        }
    }

    private void forgetEmpty() {
        rooms.removeIf(LaggingRooms::isEmpty);
        most = Math.max(FEW, 2 * rooms.size());
    }

    private static boolean isEmpty(RoomMembers<?> room) {
        Laggards laggards = room.laggards();
        return laggards == null || laggards.isEmpty();
    }

    /** Gives an event to those of the rooms that it is for. {@link #met} must follow. Returns what they have been given; null if there are none. */
    @Nullable
    OutboundMessage give(Target target, Position position, CommonDelivery<M> delivery) {
        if (rooms.isEmpty()) {
            return null;
        }
        List<RoomMembers<M>> those = those(target);
        if (those.isEmpty()) {
            return null;
        }
        OutboundMessage message = delivery.message();
        for (RoomMembers<M> room : those) {
            for (String excepted : target.except()) {
                except(excepted, position, room);
            }
            give(message, room, delivery);
        }
        return message;
    }

    private List<RoomMembers<M>> those(Target target) {
        if (target.rooms().isEmpty()) {
            forgetEmpty();
            return List.copyOf(rooms); // whoever is in a room is one of all
        }
        List<RoomMembers<M>> those = new ArrayList<>(target.rooms().size());
        for (String name : target.rooms()) {
            RoomMembers<M> room = all.get(name);
            if (room != null && !isEmpty(room)) {
                those.add(room);
            }
        }
        return those;
    }

    /** Whoever is excepted from what comes for a room goes on by itself. Looks at the members of the one or of the other, whoever are fewer. */
    private void except(String excepted, Position position, RoomMembers<M> room) {
        Membership<M> single = presence.apply(excepted);
        if (single != null) {
            end(single);
        }
        RoomMembers<M> members = all.get(excepted);
        if (members == null) {
            return;
        }
        Membership<M>[] out = members.snapshot();
        Membership<M>[] in = room.snapshot();
        if (out.length <= in.length) {
            endAll(out);
            return;
        }
        for (Membership<M> membership : in) {
            Lag lag = membership.member().lag();
            if (lag != null && lag.isOpen() && membership.member().wasIn(excepted, position)) {
                lag.end();
            }
        }
    }

    private void give(OutboundMessage message, RoomMembers<M> room, CommonDelivery<M> delivery) {
        Laggards laggards = room.laggards();
        if (laggards == null) {
            return;
        }
        try {
            if (!laggards.isRoomOnNodeFor(message)) {
                endAll(room.snapshot());
                return;
            }
            if (!laggards.hasRoomFor(message)) {
                laggards.forgetBounds();
                for (Membership<M> membership : room.snapshot()) {
                    Lag lag = membership.member().lag();
                    if (lag != null) {
                        lag.endIfFull(message);
                    }
                }
            }
            given.add(laggards);
            delivery.toLaggards(laggards.put(message));
        } catch (RuntimeException | Error e) { // each is given it by itself
            delivery.failed(e);
            endAll(room.snapshot());
        }
    }

    private void endAll(Membership<M>[] memberships) {
        for (Membership<M> membership : memberships) {
            end(membership);
        }
    }

    private void end(Membership<M> membership) {
        Lag lag = membership.member().lag();
        if (lag != null) {
            lag.end();
        }
    }

    /** What was given has met everybody. */
    void met(CommonDelivery<M> delivery) {
        for (Laggards laggards : given) {
            try {
                laggards.met();
            } catch (RuntimeException | Error e) {
                delivery.failed(e);
            }
        }
        given.clear();
    }
}
