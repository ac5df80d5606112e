package dev.realtime.samples.arena;

import dev.realtime.EventRefusedException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A game for two: by turns each takes one to three pebbles, and who takes the last one wins. Immutable; it knows the rules, and nothing of sessions and
 * nodes. Times are milliseconds since the epoch.
 *
 * @param turn whose it is, by their place among the seats
 * @param bell the id of the event that tells when the game begins; empty if none is scheduled
 */
record Pebbles(List<Seat> seats, int left, int turn, long beginsAt, long changedAt, String bell) {
    static final int ALL = 12;
    static final int MOST = 3;

    /** Between the moment when the second player sits down and the first move. */
    static final Duration BEGINS_IN = Duration.ofSeconds(10);

    /** Where nobody has moved for so long, others may sit down. */
    static final Duration ABANDONED = Duration.ofMinutes(1);

    record Seat(String id, String name) {}

    Pebbles {
        seats = List.copyOf(seats);
    }

    private static Pebbles of(List<Seat> seats, long beginsAt, long now) {
        return new Pebbles(seats, ALL, 0, beginsAt, now, "");
    }

    static Pebbles sit(@Nullable Pebbles game, Player player, long now) {
        Seat seat = new Seat(player.id(), player.name());
        boolean free = game == null || game.left() == 0 || now - game.changedAt() > ABANDONED.toMillis();
        if (game == null || free) {
            return of(List.of(seat), 0, now);
        }
        if (game.place(player.id()) >= 0) {
            throw new EventRefusedException("sits_already", "You sit at the table.");
        }
        if (game.isFull()) {
            throw new EventRefusedException("table_taken", "Two are playing. Wait until they have finished.");
        }
        long beginsAt = now + BEGINS_IN.toMillis();
        return of(Stream.concat(game.seats().stream(), Stream.of(seat)).toList(), beginsAt, now);
    }

    /** Stands up before the game has begun; null when nobody sits there any more. */
    static @Nullable Pebbles rise(@Nullable Pebbles game, String id, long now) {
        if (game == null || game.place(id) < 0) {
            return game;
        }
        if (game.isFull() && now >= game.beginsAt()) {
            throw new EventRefusedException("game_begun", "The game has begun.");
        }
        List<Seat> others =
                game.seats().stream().filter(seat -> !seat.id().equals(id)).toList();
        return others.isEmpty() ? null : of(others, 0, now);
    }

    /** With the bell that rings when it begins, if it is still the game that begins then. */
    Pebbles ringing(String newBell, long at) {
        return beginsAt == at ? new Pebbles(seats, left, turn, beginsAt, changedAt, newBell) : this;
    }

    Pebbles take(String id, int count, long now) {
        if (!isFull() || left == 0 || now < beginsAt) {
            throw new EventRefusedException("not_playing", "The game has not begun, or is over.");
        }
        if (place(id) != turn) {
            throw new EventRefusedException("not_your_turn", "It is not your turn.");
        }
        if (count < 1 || count > Math.min(MOST, left)) {
            throw new EventRefusedException("bad_move", "Take one to three pebbles that are there.");
        }
        return new Pebbles(seats, left - count, 1 - turn, beginsAt, now, bell);
    }

    /** What a player's own copy says may hold if it is one move of that player's away from here. */
    boolean mayBecome(Pebbles copy, String id) {
        int taken = left - copy.left();
        return isFull()
                && place(id) == turn
                && taken >= 1
                && taken <= MOST
                && copy.left() >= 0
                && copy.equals(new Pebbles(seats, left - taken, 1 - turn, beginsAt, changedAt, bell));
    }

    boolean isFull() {
        return seats.size() == 2;
    }

    /** 0 or 1, or -1 for somebody who does not sit here. */
    private int place(String id) {
        for (int i = 0; i < seats.size(); i++) {
            if (seats.get(i).id().equals(id)) {
                return i;
            }
        }
        return -1;
    }
}
