package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.SAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.Event;
import dev.realtime.EventRefusedException;
import dev.realtime.Realtime;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.events.ClientEvents;
import dev.realtime.limits.RateLimit;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** By which events clients hear of errors, and what those say. */
class ClientEventsTest {
    private static final Event<Text> SLOWLY =
            Event.of("slowly", Text.class).limit(RateLimit.per(Duration.ofMillis(2_500), 1));
    private static final Event<Text> BAN = Event.of("ban", Text.class).permission("game.admin");

    private final List<TestRealtime> running = new ArrayList<>();

    private TestClient client(ClientEvents names) {
        TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
                        .clientEvents(names)
                        .namespace(
                                "/",
                                game -> game.allowAnonymous()
                                        .on(SLOWLY, (session, text) -> {})
                                        .on(BAN, (session, text) -> {})
                                        .on(ECHO, (session, text) -> text)
                                        .on(SAY, (session, text) -> {
                                            if (text.text().equals("busy")) {
                                                throw new EventRefusedException(
                                                        "busy", "you are busy", Duration.ofSeconds(1));
                                            }
                                            throw new IllegalStateException("a fault");
                                        })))
                .start();
        running.add(realtime);
        return realtime.connect("/", "ann");
    }

    @AfterEach
    void everythingEnds() {
        running.forEach(TestRealtime::close);
    }

    private static JsonNode argument(TestClient client, String event) {
        return client.nextRaw(event).arguments().get(0);
    }

    private static void exceed(TestClient client) {
        client.emit(SLOWLY, new Text("1"));
        client.emit(SLOWLY, new Text("2"));
    }

    @Test
    void oneEventTellsOfEverythingUnlessItIsSetOtherwise() {
        TestClient ann = client(ClientEvents.DEFAULT);
        exceed(ann);
        assertThat(argument(ann, "realtime:error").toString())
                .isEqualTo("{\"code\":\"rate_limited\",\"message\":\"Too many of these events\","
                        + "\"retryAfterMs\":2500,\"event\":\"slowly\"}");
        ann.emit(BAN, new Text("bob"));
        assertThat(argument(ann, "realtime:error").path("code").asText()).isEqualTo("forbidden");
        ann.emitRaw("what");
        assertThat(argument(ann, "realtime:error").path("code").asText()).isEqualTo("unknown_event");
    }

    @Test
    void aNameForEachKindHasAFormForEachKind() {
        TestClient ann = client(ClientEvents.BY_KIND);
        exceed(ann);
        assertThat(argument(ann, "error:rate_limited").toString())
                .isEqualTo("{\"action\":\"refused\",\"event_type\":\"slowly\",\"retry_after\":3,"
                        + "\"code\":\"rate_limited\",\"message\":\"Too many of these events\",\"retryAfterMs\":2500}");
        ann.emit(BAN, new Text("bob"));
        assertThat(ann.nextRaw("error:permission_denied").arguments())
                .extracting(JsonNode::toString)
                .containsExactly("\"ban\"", "{\"code\":\"forbidden\",\"message\":\"Not allowed\"}");
        ann.emitRaw("what");
        assertThat(argument(ann, "error:invalid_action").toString())
                .isEqualTo("{\"action\":\"what\",\"code\":\"unknown_event\","
                        + "\"message\":\"The server does not know this event\"}");
        ann.emit(SAY, new Text("busy"));
        assertThat(argument(ann, "error:invalid_action").toString())
                .isEqualTo("{\"action\":\"say\",\"code\":\"busy\",\"message\":\"you are busy\",\"retryAfterMs\":1000}");
        ann.emit(SAY, new Text("fail"));
        assertThat(argument(ann, "realtime:error").path("code").asText()).isEqualTo("handler_failed");
        assertThat(running.get(0).expectHandlerFailure()).hasMessage("a fault");
    }

    @Test
    void whoAsksForAnAcknowledgementGetsTheSameUnderAllNames() {
        TestClient ann = client(ClientEvents.BY_KIND);
        assertThat(ann.askRaw("what").errorCode()).isEqualTo("unknown_event");
        assertThat(ann.received()).isEmpty();
    }

    @Test
    void whatHadTheNameOfTheGeneralEventFollowsIt() {
        ClientEvents named = ClientEvents.DEFAULT.rateLimited("slow").error("oops");
        assertThat(named.invalidAction()).isEqualTo("oops");
        assertThat(named.permissionDenied()).isEqualTo("oops");
        assertThat(named.rateLimited()).isEqualTo("slow");
        TestClient ann = client(named);
        ann.emitRaw("what");
        assertThat(argument(ann, "oops").path("event").asText()).isEqualTo("what");
        exceed(ann);
        assertThat(argument(ann, "slow").path("event_type").asText()).isEqualTo("slowly");
    }

    @Test
    void aNameIsNotEmpty() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientEvents.DEFAULT.rateLimited(""))
                .withMessage("ClientEvents.rateLimited must be 1 to 128 characters long, but is ''");
    }
}
