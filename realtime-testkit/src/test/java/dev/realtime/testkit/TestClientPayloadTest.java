package dev.realtime.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A test client speaks every payload that an engine does. */
class TestClientPayloadTest {
    record Lobby(
            Instant opened,
            Duration rest,
            Optional<String> motto,
            Optional<String> owner,
            OptionalInt places,
            Map<LocalDate, Integer> games,
            List<Optional<byte[]>> icons) {}

    private static final Event<Lobby> SHOW = Event.of("lobby:show", Lobby.class);
    private static final Event<Lobby> SHOWN = Event.ofArguments("lobby:shown", Lobby.class);
    private static final Request<Lobby, Lobby> OPEN = Request.of("lobby:open", Lobby.class, Lobby.class);
    private static final Lobby LOBBY = new Lobby(
            Instant.parse("2026-01-02T03:04:05Z"),
            Duration.ofMinutes(2),
            Optional.of("gl hf"),
            Optional.empty(),
            OptionalInt.of(8),
            Map.of(LocalDate.of(2026, 1, 2), 3),
            List.of(Optional.of(new byte[] {1, 2}), Optional.empty()));

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(TestClientPayloadTest::lobbies);

    private static RealtimeBuilder lobbies() {
        return Realtime.builder()
                .namespace(
                        "/",
                        game -> game.on(SHOW, (session, lobby) -> session.emit(SHOWN, lobby))
                                .on(OPEN, (session, lobby) -> lobby));
    }

    @Test
    void datesAndOptionalsGoBothWays() {
        TestClient ann = realtime.connect("/", "ann");

        ann.emit(SHOW, LOBBY);
        isTheLobby(ann.next(SHOWN));
        isTheLobby(ann.request(OPEN, LOBBY));
    }

    @Test
    void onTheWireTheyAreWhatPayloadsSay() {
        TestClient ann = realtime.connect("/", "ann");

        ann.emit(SHOW, LOBBY);
        assertThat(ann.nextRaw(SHOWN.name()).arguments().subList(0, 6))
                .hasToString("[\"2026-01-02T03:04:05Z\", \"PT2M\", \"gl hf\", null, 8, {\"2026-01-02\":3}]");
    }

    @Test
    void whatDoesNotFitIsNamed() {
        TestClient ann = realtime.connect("/", "ann");
        ann.emit(SHOW, LOBBY);

        assertThatThrownBy(() -> ann.next(Event.of(SHOWN.name(), Lobby.class)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("this is no Lobby");
    }

    private static void isTheLobby(Lobby lobby) {
        assertThat(lobby).usingRecursiveComparison().isEqualTo(LOBBY);
    }
}
