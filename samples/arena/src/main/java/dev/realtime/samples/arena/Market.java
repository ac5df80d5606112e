package dev.realtime.samples.arena;

import static dev.realtime.samples.arena.Contracts.BUY;
import static dev.realtime.samples.arena.Contracts.PURSE;
import static dev.realtime.samples.arena.Contracts.ZONE;

import dev.realtime.EventRefusedException;
import dev.realtime.NamespaceSetup;
import dev.realtime.Session;
import dev.realtime.samples.arena.Contracts.Bought;
import dev.realtime.samples.arena.Contracts.Buy;
import dev.realtime.state.SharedState;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The market, where buying is a <em>request that happens once</em>, however often a page has to ask, and at whatever node. */
final class Market {
    private static final String PLACE = "market";
    private static final Map<String, Integer> PRICES = Map.of("apple", 1, "rope", 2, "lantern", 5);

    void rules(NamespaceSetup game) {
        game.state(PURSE).onAsync(BUY, this::buy);
    }

    /** Shows players their own purse. */
    void watch(Session session) {
        if (!session.principal().anonymous()) {
            purse(session).watch(session);
        }
    }

    private static SharedState<Purse> purse(Session session) {
        return session.namespace().state(PURSE).of(session.principal().id());
    }

    private CompletionStage<Bought> buy(Session session, Buy wish) {
        if (!session.rooms().contains(ZONE.of(PLACE))) {
            throw new EventRefusedException("not_at_the_market", "Come to the market to buy something.");
        }
        Integer price = PRICES.get(wish.item());
        if (price == null) {
            throw new EventRefusedException("not_for_sale", "Nobody sells that.");
        }
        String key = session.idempotencyKey().orElseThrow();
        return purse(session)
                .update(session.principal().id(), before -> Purse.buy(before, wish.item(), price, key))
                .thenApply(now -> new Bought(
                        wish.item(), now.value() == null ? 0 : now.value().coins()));
    }
}
