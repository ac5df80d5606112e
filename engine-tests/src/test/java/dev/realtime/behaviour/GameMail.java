package dev.realtime.behaviour;

import dev.realtime.Event;
import dev.realtime.Namespace;
import dev.realtime.Position;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Session;
import dev.realtime.mail.Importance;
import dev.realtime.mail.MailMessage;
import dev.realtime.mail.MailOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The game of docs/mail.md. */
final class GameMail {
    record Letter(String from, String text, String guild) {}

    record Raid(String castle) {}

    record Chat(String from, String text) {}

    static final Event<Letter> LETTER = Event.of("guild:letter", Letter.class)
            .category("guild")
            .persistOffline((draft, letter) ->
                    draft.content(letter.text()).senderName(letter.from()).metadata(Map.of("guild", letter.guild())));

    static final Event<Raid> RAID = Event.of("raid", Raid.class)
            .category("notification")
            .expiresAfter(Duration.ofHours(1))
            .persistOffline((draft, raid) -> draft.importance(Importance.URGENT));

    static final Event<Chat> CHAT = Event.of("chat:message_received", Chat.class)
            .category("chat")
            .persistOffline((draft, chat) -> draft.content(chat.text()).senderName(chat.from()));

    private GameMail() {}

    static RealtimeBuilder game() {
        return Realtime.builder().namespace("/", game -> game.mail(MailOptions.DEFAULT));
    }

    static CompletionStage<Position> write(Session from, String to, Letter letter) {
        return from.room("user:" + to).emit(LETTER, letter);
    }

    static CompletionStage<Position> whisper(Session from, String to, Chat chat) {
        return from.room("user:" + to).emit(CHAT, chat);
    }

    static CompletionStage<Position> alarm(Namespace game, String user, String castle) {
        return game.user(user).emit(RAID, new Raid(castle));
    }

    static CompletionStage<List<MailMessage>> inbox(Namespace game, String user) {
        return game.mail().list(user);
    }
}
