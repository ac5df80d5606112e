package dev.realtime.samples.arena;

import static dev.realtime.samples.arena.Contracts.CHARACTER_CHANGED;
import static dev.realtime.samples.arena.Contracts.CHARACTER_UPDATE;
import static dev.realtime.samples.arena.Contracts.NEWS;
import static dev.realtime.samples.arena.Contracts.SYSTEM_ANNOUNCEMENT;

import dev.realtime.redis.RedisIntake;
import dev.realtime.redis.RedisOptions;
import dev.realtime.samples.arena.Contracts.Announcement;

/** What other services say to the game, on Redis channels of JSON: <em>intake</em>. Each node hears it, and what is emitted because of it is emitted once. */
final class Heralds {
    private Heralds() {}

    static RedisIntake listen(RedisOptions redis) {
        return RedisIntake.builder(redis)
                .on(
                        CHARACTER_UPDATE,
                        (message, update) -> message.namespace("/")
                                .user(update.character_id())
                                .emit(CHARACTER_CHANGED, update))
                .on(
                        SYSTEM_ANNOUNCEMENT,
                        Announcement::message_id,
                        (message, announcement) -> message.namespace("/").emit(NEWS, announcement))
                .start();
    }
}
