package dev.realtime.javadoc;

import dev.realtime.Event;
import dev.realtime.TypeToken;
import dev.realtime.limits.RateLimit;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the Javadoc of {@link Event} shows. */
final class EventExamples {
    record Chat(String text) {}

    record Move(int x, int y) {}

    static final Event<Chat> SAY =
            Event.of("chat:say", Chat.class).limit(RateLimit.perMinute(20)).permission("chat.global");
    static final Event<Move> MOVED = Event.ofArguments("moved", Move.class);
    static final Event<Void> READY = Event.of("ready");
    static final Event<List<Move>> PATH = Event.of("path", new TypeToken<List<Move>>() {});

    // ("use_item", "rope") or ("use_item", "rope", "ann")
    record UseItem(String item, @Nullable String target) {}

    // ("roll", "attack", 6, 20, 20)
    record Roll(String reason, int... dice) {}

    static final Event<UseItem> USE_ITEM = Event.ofArguments("use_item", UseItem.class);
    static final Event<Roll> ROLL = Event.ofArguments("roll", Roll.class);

    static final RateLimit MESSAGES = RateLimit.perMinute(100).burst(20).category("messages");

    static final Event<Chat> WHISPER =
            Event.of("chat:whisper", Chat.class).limit(RateLimit.perMinute(20)).limit(MESSAGES);
    static final Event<Chat> SHOUT =
            Event.of("chat:shout", Chat.class).limit(RateLimit.perMinute(2)).limit(MESSAGES);

    record Said(String text) {}

    record Letter(String event_type, Instant timestamp, Optional<String> sender_id, Said data) {}

    static final Event<Said> SAID = Event.of("chat:said", Said.class)
            .envelope((envelope, said) -> new Letter(envelope.event(), envelope.time(), envelope.senderId(), said));

    private EventExamples() {}
}
