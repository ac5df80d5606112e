package dev.realtime.behaviour;

import dev.realtime.EventRefusedException;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import dev.realtime.idempotency.Idempotency;
import java.time.Duration;
import java.time.Instant;

/** What docs/idempotency.md shows. */
final class GameShop {
    record Buy(String requestId, String item, int count) {}

    record Bought(String item, int left) {}

    record Trade(String requestId, String partner, long madeAt) {
        Instant time() {
            return Instant.ofEpochMilli(madeAt);
        }
    }

    record Traded(long coins) {}

    static final Request<Buy, Bought> BUY =
            Request.of("shop:buy", Buy.class, Bought.class).idempotentBy(Buy::requestId);

    static final Request<Trade, Traded> TRADE = Request.of("trade:accept", Trade.class, Traded.class)
            .idempotentBy(Idempotency.by(Trade::requestId)
                    .window(Duration.ofMinutes(10))
                    .sentAt(Trade::time));

    /** The application's own. */
    interface Shop {
        /** Buys in one transaction, in which it inserts the key; returns null if there are not enough coins. */
        Bought buy(String user, Buy buy, String key);
    }

    static RealtimeBuilder game(Shop shop) {
        return Realtime.builder()
                .namespace(
                        "/",
                        game -> game.on(BUY, (session, buy) -> {
                            String key = session.idempotencyKey().orElseThrow();
                            Bought bought = shop.buy(session.principal().id(), buy, key);
                            if (bought == null) {
                                throw new EventRefusedException("not_enough_coins", "You cannot afford that");
                            }
                            return bought;
                        }));
    }

    private GameShop() {}
}
