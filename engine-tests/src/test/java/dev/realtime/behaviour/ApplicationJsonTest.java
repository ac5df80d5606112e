package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import dev.realtime.RequestFailedException;
import dev.realtime.Session;
import dev.realtime.json.JacksonJson;
import dev.realtime.spi.JsonCodec;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The payloads of an application that has its own idea of JSON, as its clients see them. */
class ApplicationJsonTest {
    enum Weapon {
        SWORD,
        BOW
    }

    record Hit(int targetId, Weapon usedWeapon) {}

    record Healed(int targetId, int newHealth) {}

    static final Request<Hit, Healed> HIT = Request.of("hit", Hit.class, Healed.class);

    /** A type that Jackson does not know: written {@code "3:4"}. */
    static final class Cell {
        final int x;
        final int y;

        Cell(int x, int y) {
            this.x = x;
            this.y = y;
        }
    }

    record Step(Cell to, Optional<String> reason, Instant at) {}

    static final Request<Step, Step> STEP = Request.of("step", Step.class, Step.class);

    private static SimpleModule cells() {
        return new SimpleModule()
                .addSerializer(new StdSerializer<>(Cell.class) {
                    @Override
                    public void serialize(Cell cell, JsonGenerator out, SerializerProvider provider)
                            throws IOException {
                        out.writeString(cell.x + ":" + cell.y);
                    }
                })
                .addDeserializer(Cell.class, new StdDeserializer<>(Cell.class) {
                    @Override
                    public Cell deserialize(JsonParser in, DeserializationContext context) throws IOException {
                        String[] parts = in.getText().split(":", 2);
                        return new Cell(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
                    }
                });
    }

    private static RealtimeBuilder with(JsonCodec json) {
        return Realtime.builder().json(json);
    }

    /** A mapper with a naming strategy. */
    @Nested
    class OfItsOwnMapper {
        @RegisterExtension
        final TestRealtime realtime = TestRealtime.of(() -> with(JacksonJson.of(
                        new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)))
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .on(
                                        HIT,
                                        (session, hit) -> new Healed(
                                                hit.targetId(), hit.usedWeapon().ordinal()))));

        @Test
        void namesAreThoseOfTheMapperInBothDirections() {
            TestReply<?> reply =
                    realtime.client().connect("/").askRaw("hit", Map.of("target_id", 7, "used_weapon", "BOW"));
            assertThat(reply.answer().get(0).toString()).isEqualTo("{\"target_id\":7,\"new_health\":1}");
        }

        @Test
        void whatIsMissingIsNamedAsTheClientNamesIt() {
            refused(Map.of("target_id", 7), "used_weapon");
        }

        @Test
        void anEnumThatIsNotKnownCostsThatEventAlone() {
            refused(Map.of("target_id", 7, "used_weapon", "LASER"), "used_weapon");
        }

        private void refused(Map<String, ?> payload, String field) {
            TestClient ann = realtime.client().connect("/");
            TestReply<?> reply = ann.askRaw("hit", payload);
            assertThat(reply.errorCode()).isEqualTo("invalid_payload");
            assertThat(reply.error().toString()).contains(field);
            assertThat(ann.askRaw("hit", Map.of("target_id", 1, "used_weapon", "SWORD"))
                            .isAnswered())
                    .isTrue();
        }
    }

    /** A mapper that reads less than the engine lets through. */
    @Nested
    class WithItsOwnBounds {
        private static final Request<Map<?, ?>, Map<?, ?>> TREE = tree();

        @RegisterExtension
        final TestRealtime realtime = TestRealtime.of(() -> with(JacksonJson.of(new ObjectMapper(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(10)
                                .maxStringLength(1_000)
                                .build())
                        .build())))
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .on(Game.ECHO, (session, text) -> text)
                                .on(TREE, (session, tree) -> tree)));

        @SuppressWarnings({"unchecked", "rawtypes"})
        private static Request<Map<?, ?>, Map<?, ?>> tree() {
            return (Request) Request.of("tree", Map.class, Map.class);
        }

        @Test
        void aStringThatIsTooLongCostsThatEventAlone() {
            refused("echo", Map.of("text", "x".repeat(2_000)));
        }

        @Test
        void whatIsTooDeepCostsThatEventAlone() {
            refused("tree", deep(20));
        }

        @Test
        void whatIsDeeperThanAnyMapperGetsCostsThatEventAlone() {
            refused("tree", deep(500));
        }

        private Map<String, ?> deep(int levels) {
            Map<String, ?> tree = Map.of("leaf", 1);
            for (int i = 1; i < levels; i++) {
                tree = Map.of("in", tree);
            }
            return tree;
        }

        private void refused(String event, Map<String, ?> payload) {
            TestClient ann = realtime.client().connect("/");
            TestReply<?> reply = ann.askRaw(event, payload);
            assertThat(reply.errorCode()).isEqualTo("invalid_payload");
            assertThat(reply.error().toString()).hasSizeLessThan(500).doesNotContain("Exception");
            assertThat(ann.request(Game.ECHO, new Game.Text("x".repeat(900))).text())
                    .hasSize(900);
            assertThat(ann.askRaw("tree", deep(5)).isAnswered()).isTrue();
        }
    }

    /** Modules beside the default rules. */
    @Nested
    class WithAModule {
        @RegisterExtension
        final TestRealtime realtime = TestRealtime.of(() -> with(JacksonJson.with(cells()))
                .namespace("/", game -> game.allowAnonymous().on(STEP, (session, step) -> step)));

        @Test
        void itsTypesAndTheEverydayOnesGoTogether() {
            TestReply<?> reply = realtime.client()
                    .connect("/")
                    .askRaw("step", Map.of("to", "3:4", "at", "2026-01-02T03:04:05Z", "more", 1));
            assertThat(reply.answer().get(0).get("to").asText()).isEqualTo("3:4");
            assertThat(reply.answer().get(0).get("at").asText()).isEqualTo("2026-01-02T03:04:05Z");
        }

        @Test
        void aModuleThatThrowsCostsThatEventAlone() {
            TestClient ann = realtime.client().connect("/");
            TestReply<?> reply = ann.askRaw("step", Map.of("to", "nowhere", "at", "2026-01-02T03:04:05Z"));
            assertThat(reply.errorCode()).isEqualTo("invalid_payload");
            assertThat(reply.error().toString()).contains("to");
            assertThat(ann.isConnected()).isTrue();
        }
    }

    /** What a client may acknowledge with. */
    @Nested
    class Acknowledgements {
        record Choice(int number, @Nullable String text) {}

        private final Request<Game.Text, Choice> question = Request.of("question", Game.Text.class, Choice.class);

        @RegisterExtension
        final TestRealtime realtime = TestRealtime.of(Game::open);

        private CompletionStage<Choice> ask(Request<Game.Text, Choice> request, Object... arguments) {
            TestClient ann = realtime.connect("/", "ann");
            Session session = Game.session(realtime, ann);
            CompletionStage<Choice> asked = session.request(request, new Game.Text("?"), Duration.ofSeconds(5));
            realtime.settle();
            ann.acknowledge(ann.nextRaw("question").ackId(), arguments);
            return asked;
        }

        @Test
        void anEmptyOneIsNothingWhereThatIsAllowed() {
            assertThat(realtime.await(ask(question.nullableReply()))).isNull();
        }

        @Test
        void aNullIsNothingWhereThatIsAllowed() {
            assertThat(realtime.await(ask(question.nullableReply(), (Object) null)))
                    .isNull();
        }

        @Test
        void elsewhereItIsABadReply() {
            assertThat(realtime.failure(ask(question)))
                    .isInstanceOfSatisfying(
                            RequestFailedException.class,
                            failed -> assertThat(failed.reason()).isEqualTo(RequestFailedException.Reason.BAD_REPLY));
        }

        @Test
        void severalArgumentsAreTheComponents() {
            assertThat(realtime.await(ask(question.replyArguments(), 1, "x"))).isEqualTo(new Choice(1, "x"));
        }

        @Test
        void thoseThatMayBeMissingMayBe() {
            assertThat(realtime.await(ask(question.replyArguments(), 1))).isEqualTo(new Choice(1, null));
        }

        @Test
        void furtherOnesAreLeftOut() {
            assertThat(realtime.await(ask(question.replyArguments(), 1, "x", true)))
                    .isEqualTo(new Choice(1, "x"));
        }

        @Test
        void whatIsRequiredIsMissed() {
            assertThat(realtime.failure(ask(question.replyArguments()))).isInstanceOf(RequestFailedException.class);
        }
    }
}
