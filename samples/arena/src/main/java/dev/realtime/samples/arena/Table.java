package dev.realtime.samples.arena;

import static dev.realtime.samples.arena.Contracts.BEGIN;
import static dev.realtime.samples.arena.Contracts.PEBBLES;
import static dev.realtime.samples.arena.Contracts.RISE;
import static dev.realtime.samples.arena.Contracts.SETTLE;
import static dev.realtime.samples.arena.Contracts.SIT;
import static dev.realtime.samples.arena.Contracts.TAKE;
import static dev.realtime.samples.arena.Contracts.ZONE;

import dev.realtime.EventRefusedException;
import dev.realtime.NamespaceSetup;
import dev.realtime.Session;
import dev.realtime.samples.arena.Contracts.Begin;
import dev.realtime.samples.arena.Contracts.Settle;
import dev.realtime.samples.arena.Contracts.Take;
import dev.realtime.samples.arena.Contracts.Turn;
import dev.realtime.schedule.ScheduleOptions;
import dev.realtime.state.SharedState;
import dev.realtime.state.StateValue;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The table in the tavern, where a game is <em>shared state</em>: whatever node a player is at, a move changes the one value that there is, and every page that
 * watches gets each version once and in order. When the game begins is an <em>event that is emitted later</em>, by whichever node is there then.
 */
final class Table {
    /** The state's name, and the game's id for clients. */
    static final String GAME = "tavern";

    private final World world;
    private final Places places;

    Table(World world) {
        this.world = world;
        this.places = world.places();
    }

    void rules(NamespaceSetup game) {
        game.state(PEBBLES)
                .schedule(ScheduleOptions.DEFAULT)
                .onAsync(SIT, (session, nothing) -> sit(session))
                .onAsync(RISE, (session, nothing) -> rise(session))
                .onAsync(TAKE, this::take)
                .onAsync(SETTLE, this::settle);
    }

    /** A snapshot, and then every change. Harmless for a session that watches already, such as one that was resumed. */
    void watch(Session session) {
        game(session).watch(session);
    }

    private static SharedState<Pebbles> game(Session session) {
        return session.namespace().state(PEBBLES).of(GAME);
    }

    private CompletionStage<Turn> sit(Session session) {
        if (!session.rooms().contains(ZONE.of(GAME))) {
            throw new EventRefusedException("not_at_the_table", "The table is in the tavern.");
        }
        Player player = places.of(session);
        return change(session, game -> Pebbles.sit(game, player, world.millis()))
                .thenCompose(now -> ring(session, now))
                .thenApply(Turn::of);
    }

    /** Whoever makes the table full sees to the bell. Should this node be killed before it has, the game begins without: the state says when. */
    private static CompletionStage<StateValue<Pebbles>> ring(Session session, StateValue<Pebbles> now) {
        Pebbles game = now.value();
        boolean mine = now.updatedBy().equals(session.principal().id());
        if (game == null || !game.isFull() || !game.bell().isEmpty() || !mine) {
            return CompletableFuture.completedFuture(now);
        }
        long beginsAt = game.beginsAt();
        return session.namespace()
                .emitAfter(Pebbles.BEGINS_IN, BEGIN, new Begin(GAME))
                .thenCompose(bell -> change(session, later -> later == null ? null : later.ringing(bell.id(), beginsAt))
                        .thenApply(after -> {
                            if (after.value() == null || !after.value().bell().equals(bell.id())) {
                                session.namespace().schedule().cancel(bell.id()); // somebody has stood up meanwhile
                            }
                            return after;
                        }));
    }

    private CompletionStage<Turn> rise(Session session) {
        SharedState<Pebbles> game = game(session);
        return game.read()
                .thenCompose(before -> change(
                                session,
                                now -> Pebbles.rise(now, session.principal().id(), world.millis()))
                        .thenApply(after -> {
                            Pebbles left = before.value();
                            if (left != null && !left.bell().isEmpty() && after.version() != before.version()) {
                                session.namespace().schedule().cancel(left.bell());
                            }
                            return Turn.of(after);
                        }));
    }

    private CompletionStage<Turn> take(Session session, Take wish) {
        String player = session.principal().id();
        return change(session, game -> {
                    if (game == null) {
                        throw new EventRefusedException("not_playing", "Nobody plays.");
                    }
                    return game.take(player, wish.count(), world.millis());
                })
                .thenApply(Turn::of);
    }

    private static CompletionStage<StateValue<Pebbles>> change(
            Session session, UnaryOperator<@Nullable Pebbles> change) {
        return game(session).update(session.principal().id(), change);
    }

    /** A page has gone on by itself while it was cut off. Who is to decide is asked in {@link #decide}. */
    private CompletionStage<Turn> settle(Session session, Settle copy) {
        if (world.millis() < copy.gameState().beginsAt()) {
            throw new EventRefusedException("not_playing", "The game has not begun.");
        }
        StateValue<Pebbles> theirs = new StateValue<>(
                copy.version(),
                copy.gameState(),
                session.principal().id(), // as the server knows it, not as the page says
                Instant.ofEpochMilli(copy.timestamp()));
        return game(session).resolve(List.of(theirs)).thenApply(Turn::of);
    }

    /** The authority over copies in conflict: the first that the rules allow, else what the server has. A version that a page claims says nothing. */
    static StateValue<Pebbles> decide(List<StateValue<Pebbles>> copies) {
        StateValue<Pebbles> shared = copies.get(copies.size() - 1);
        Pebbles game = shared.value();
        return copies.stream()
                .filter(copy -> game != null && copy.value() != null && game.mayBecome(copy.value(), copy.updatedBy()))
                .findFirst()
                .orElse(shared);
    }
}
