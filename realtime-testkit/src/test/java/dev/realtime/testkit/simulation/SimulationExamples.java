package dev.realtime.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The examples of {@link Simulation}: a tavern, and the market of docs/testing.md, where players hand one sword to each other. */
final class SimulationExamples {
    private SimulationExamples() {}

    record Give(String to) {}

    record Given(boolean done) {}

    record Moved(String from, String to) {}

    /** Who owns the sword: the game's database as a node reaches it. */
    interface Owners {
        CompletionStage<Boolean> contains(String user);

        CompletionStage<Boolean> add(String user);

        CompletionStage<Boolean> remove(String user);

        /** Both in one transaction, if the first is an owner. */
        CompletionStage<Boolean> replace(String from, String to);
    }

    interface Trade {
        CompletionStage<Boolean> give(String from, String to);
    }

    static final class Market {
        static final Request<Give, Given> GIVE = Request.of("sword:give", Give.class, Given.class);
        static final Event<Moved> MOVED = Event.of("sword:moved", Moved.class);

        static RealtimeBuilder realtime(Trade trade) {
            return Realtime.builder()
                    .recovery(Recovery.within(Duration.ofSeconds(3)))
                    .namespace(
                            "/",
                            market -> market.onConnect(session -> session.join("zone:market"))
                                    .onAsync(GIVE, (session, give) -> {
                                        String from = session.principal().id();
                                        return trade.give(from, give.to()).thenApply(done -> {
                                            if (done) {
                                                session.room("zone:market").emit(MOVED, new Moved(from, give.to()));
                                            }
                                            return new Given(done);
                                        });
                                    }));
        }
    }

    record TwoSteps(Owners owners) implements Trade {
        @Override
        public CompletionStage<Boolean> give(String from, String to) {
            return owners.contains(from)
                    .thenCompose(owned -> owned
                            ? owners.add(to).thenCompose(added -> owners.remove(from))
                            : CompletableFuture.completedFuture(false));
        }
    }

    record OneStep(Owners owners) implements Trade {
        @Override
        public CompletionStage<Boolean> give(String from, String to) {
            return owners.replace(from, to);
        }
    }

    /** The database of one run, in memory; it outlives every node. */
    static final class Database {
        final List<String> owners = new ArrayList<>(List.of("ann"));

        /** The database as a node reaches it: over a network, and only while the node lives. */
        Owners from(SimulatedNode node) {
            return new Owners() {
                @Override
                public CompletionStage<Boolean> contains(String user) {
                    return node.call(() -> owners.contains(user));
                }

                @Override
                public CompletionStage<Boolean> add(String user) {
                    return node.call(() -> owners.add(user));
                }

                @Override
                public CompletionStage<Boolean> remove(String user) {
                    return node.call(() -> owners.remove(user));
                }

                @Override
                public CompletionStage<Boolean> replace(String from, String to) {
                    return node.call(() -> owners.remove(from) && owners.add(to));
                }
            };
        }
    }

    static Simulation<Database> market(Function<Owners, Trade> trade) {
        return Simulation.of(Database::new, (database, node) -> Market.realtime(trade.apply(database.from(node))))
                .client("ann", client -> client.ask(Market.GIVE, new Give("bob")))
                .client("bob", client -> client.ask(Market.GIVE, new Give("ann")))
                .check(run ->
                        assertThat(run.game().owners).as("owners of the sword").hasSize(1));
    }

    static final class Tavern {
        static final Event<String> SAY = Event.of("tavern:say", String.class);
        static final Event<String> SAID = Event.of("tavern:said", String.class);

        static RealtimeBuilder realtime() {
            return Realtime.builder()
                    .recovery(Recovery.within(Duration.ofSeconds(3)))
                    .namespace(
                            "/",
                            tavern -> tavern.onConnect(session -> session.join("zone:tavern"))
                                    .on(
                                            SAY,
                                            (session, text) ->
                                                    session.room("zone:tavern").emit(SAID, text)));
        }
    }

    static class TavernTest {
        @Test
        void whatIsSaidIsHeardWhateverHappens() {
            Simulation.of(Tavern::realtime)
                    .client(
                            "ann",
                            client -> client.emit(
                                    Tavern.SAY, "round " + client.random().nextInt(100)))
                    .client("bob")
                    .check(run ->
                            assertThat(run.client("bob").received(Tavern.SAID)).isNotEmpty())
                    .seeds(100)
                    .run();
        }
    }

    static class MarketTest {
        @Test
        void thereIsOneSwordWhateverHappens() {
            market(OneStep::new).seeds(100).run();
        }
    }
}
