package dev.realtime.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Position;
import dev.realtime.internal.presence.PresenceNote.EndedSession;
import dev.realtime.internal.presence.PresenceNote.Said;
import dev.realtime.presence.Status;
import dev.realtime.spi.EventData;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What clients are shown of rooms is written once for all of them, and anew when it has changed. */
class PresenceJsonTest {
    private static final String HALL = "zone:hall";
    private static final String YARD = "zone:yard";

    private final PresenceFold fold = new PresenceFold();
    private final PresenceJson json = new PresenceJson(fold, "snapshot", "diff", Duration.ofMinutes(1), 256 << 10);

    private void comes(String id, @Nullable String user, String room) {
        says(new Said("n0", List.of(statement(id, user, Status.CONNECTED, room)), List.of()));
    }

    private static SessionStatement statement(String id, @Nullable String user, Status status, String room) {
        return new SessionStatement(id, user, 1, status, status == Status.AWAY ? 17 : 0, true, List.of(room), "");
    }

    private void says(Said said) {
        json.changed(Objects.requireNonNull(fold.take(Position.START, said)));
    }

    private static String text(EventData event) {
        return new String(event.json(), StandardCharsets.UTF_8);
    }

    @Test
    void theNumbersOfARoomAreWrittenOnceForAllWhoAreShownThem() {
        comes("1", "ann", HALL);
        comes("2", "bob", HALL);
        comes("3", null, HALL);
        EventData shown = json.numbers(HALL);
        assertThat(text(shown))
                .isEqualTo("[\"snapshot\",[{\"room\":\"zone:hall\",\"population\":3,\"users\":[],\"more\":2}]]");
        assertThat(json.numbers(HALL)).isSameAs(shown);
        comes("4", "cid", YARD);
        assertThat(json.numbers(HALL)).isSameAs(shown);
    }

    @Test
    void numbersThatHaveChangedAreWrittenAnew() {
        comes("1", "ann", HALL);
        assertThat(text(json.numbers(HALL))).contains("\"more\":1");
        comes("2", "bob", HALL);
        assertThat(text(json.numbers(HALL))).contains("\"more\":2");
        says(new Said("n0", List.of(), List.of(new EndedSession("1", 1), new EndedSession("2", 1))));
        assertThat(text(json.numbers(HALL))).contains("\"population\":0,\"users\":[]}");
    }
}
