package dev.realtime.behaviour;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.events.ClientEvents;
import dev.realtime.limits.Escalation;
import dev.realtime.limits.Escalation.Step;
import dev.realtime.limits.Limits;
import dev.realtime.limits.RateLimit;
import java.time.Duration;
import org.slf4j.Logger;

/** What docs/limits.md shows. */
final class GameLimits {
    record Chat(String text) {}

    record Invite(String character) {}

    static final RateLimit MESSAGES = RateLimit.perMinute(100).burst(20).category("messages");
    static final RateLimit ACTIONS = RateLimit.perMinute(150).burst(20).category("actions");

    static final Event<Chat> SEND = Event.of("chat:send_message", Chat.class)
            .limit(RateLimit.perMinute(20).perHour(500).burst(5))
            .limit(MESSAGES);
    static final Event<Void> TYPE = Event.of("chat:typing_start").limit(MESSAGES);
    static final Event<Invite> INVITE = Event.of("party:invite", Invite.class)
            .limit(RateLimit.perMinute(5).perHour(20).burst(2).cooldown(Duration.ofSeconds(10)))
            .limit(ACTIONS);

    static RealtimeBuilder game() {
        return Realtime.builder()
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .limit(RateLimit.perSecond(30))
                                .on(SEND, (session, chat) -> session.emit(SEND, chat))
                                .on(TYPE, (session, nothing) -> session.emit(TYPE))
                                .on(INVITE, (session, invite) -> session.emit(INVITE, invite)));
    }

    static RealtimeBuilder strict(Logger audit) {
        return game().clientEvents(ClientEvents.BY_KIND)
                .limits(Limits.DEFAULT.exemptWith("limits.exempt").eventsPerSecond(50_000))
                .escalation(Escalation.DEFAULT.restrictFor(Duration.ofMinutes(5)))
                .onRefusal(attempt -> {
                    if (attempt.step().filter(Step.DISCONNECTED::equals).isPresent()) {
                        audit.warn("{} at {}: {}", attempt.client(), attempt.address(), attempt.rule());
                    }
                });
    }

    private GameLimits() {}
}
