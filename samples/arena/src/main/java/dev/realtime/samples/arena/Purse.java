package dev.realtime.samples.arena;

import dev.realtime.EventRefusedException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a player owns. Immutable.
 *
 * @param goods how many of each
 * @param paidFor the key of the request that was paid for last; empty if none was
 */
record Purse(int coins, Map<String, Integer> goods, String paidFor) {
    static final Purse NEW = new Purse(10, Map.of(), "");

    Purse {
        goods = Map.copyOf(goods);
    }

    /**
     * Pays once for each request: the key stands beside what it has paid for, as it would in a table of a database. So a node that is killed between the purchase and
     * its answer, which the library then has another node handle again, takes no second coin.
     *
     * @param before null for who has never bought anything
     */
    static Purse buy(@Nullable Purse before, String item, int price, String key) {
        Purse purse = before == null ? NEW : before;
        if (purse.paidFor().equals(key)) {
            return purse;
        }
        if (purse.coins() < price) {
            throw new EventRefusedException("too_expensive", "You cannot afford that.");
        }
        Map<String, Integer> goods = new TreeMap<>(purse.goods());
        goods.merge(item, 1, Integer::sum);
        return new Purse(purse.coins() - price, goods, key);
    }
}
