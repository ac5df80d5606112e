package dev.realtime.redis.document;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.TypeToken;
import dev.realtime.redis.AdminCommand;
import dev.realtime.redis.AdminKey;
import dev.realtime.redis.IntakeLimits;
import dev.realtime.redis.RealtimePublisher;
import dev.realtime.redis.RedisBackend;
import dev.realtime.redis.RedisIntake;
import dev.realtime.redis.RedisOptions;
import dev.realtime.users.UserRules;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The code of docs/intake.md. */
final class IntakeExamples {
    record CharacterUpdate(String character_id, Map<String, Object> update_data, String timestamp, String server_id) {}

    record SystemAnnouncement(String message_id, String text) {}

    static final Event<CharacterUpdate> CHARACTER_UPDATE = Event.of("game:character_update", CharacterUpdate.class)
            .validate(update -> {
                if (update.character_id().isBlank()) {
                    throw new IllegalArgumentException("character_id is blank");
                }
            });
    static final Event<SystemAnnouncement> SYSTEM_ANNOUNCEMENT =
            Event.of("game:system_announcement", SystemAnnouncement.class);

    static final Event<Map<String, Object>> CHARACTER_UPDATED =
            Event.of("game:character_updated", new TypeToken<Map<String, Object>>() {});
    static final Event<String> ANNOUNCEMENT = Event.of("system:announcement", String.class);

    record CombatEvent(String combat_id, Map<String, Object> event_data) {}

    record PublishedCombatEvent(
            String combat_id, Map<String, Object> event_data, Instant timestamp, String server_id) {}

    private IntakeExamples() {}

    static RedisIntake listen(String redis) {
        return RedisIntake.builder(redis) // redis://localhost:6379
                .on(
                        CHARACTER_UPDATE,
                        (message, update) -> message.namespace("/")
                                .room("character:" + update.character_id())
                                .emit(CHARACTER_UPDATED, update.update_data()))
                .on(
                        SYSTEM_ANNOUNCEMENT,
                        SystemAnnouncement::message_id, // what makes it another announcement
                        (message, announcement) -> message.namespace("/").emit(ANNOUNCEMENT, announcement.text()))
                .start();
    }

    static RedisIntake tuned(String redis) {
        return RedisIntake.builder(RedisOptions.of(redis))
                .limits(IntakeLimits.DEFAULT
                        .maxMessageBytes(8_192)
                        .messagesPerSecond(200)
                        .maxWaiting(500)
                        .maxWaitingBytes(1 << 20))
                .on(CHARACTER_UPDATE, (message, update) -> {})
                .start();
    }

    static Event<CombatEvent> combatEvents(String server) {
        return Event.of("game:combat_event", CombatEvent.class)
                .envelope((envelope, combat) ->
                        new PublishedCombatEvent(combat.combat_id(), combat.event_data(), envelope.time(), server));
    }

    static CompletionStage<Void> tell(RealtimePublisher publisher, Event<CombatEvent> event) {
        return publisher.publish(event, new CombatEvent("combat-3", Map.of("ended", true)));
    }

    static Realtime game(String redis) {
        return Realtime.builder()
                .backend(RedisBackend.connect(redis))
                .users(UserRules.DEFAULT)
                .namespace("/", game -> game.allowAnonymous())
                .build();
    }

    static RedisIntake commands(String redis, Realtime realtime, byte[] secret, byte[] formerSecret) {
        return RedisIntake.builder(redis)
                .admin(
                        "tableforge:admin",
                        realtime,
                        AdminKey.of("2026-11", secret),
                        AdminKey.of("2026-10", formerSecret)) // until nobody signs with it any more
                .announcement(ANNOUNCEMENT)
                .start();
    }

    static CompletionStage<Void> kick(RealtimePublisher publisher, byte[] secret) {
        return publisher
                .admin("tableforge:admin", AdminKey.of("2026-11", secret))
                .send(new AdminCommand.Disconnect("u7", "Kicked"));
    }
}
