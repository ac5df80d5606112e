package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.Event;
import dev.realtime.NamespaceSetup;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes of the set-up are said while the engine is built, by name; a name that is not one of a room has an error of its own. */
class BuildMistakesTest {
    /** Jackson sees none of its fields. */
    static final class Hidden {
        String text = "";
        private int number;

        int number() {
            return number + text.length();
        }
    }

    record Holder(Hidden hidden) {}

    static final class Bean {
        private String text = "";

        public String getText() {
            return text;
        }

        public void setText(String value) {
            text = value;
        }
    }

    static final class OnlyGetter {
        private final String text = "x";

        public String getText() {
            return text;
        }
    }

    static final class Field {
        public String text = "";
    }

    static final class Made {
        private final String text;

        @JsonCreator
        Made(@JsonProperty("text") String text) {
            this.text = text;
        }

        @JsonProperty
        String text() {
            return text;
        }
    }

    static final class Word {
        private final String text;

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        Word(String text) {
            this.text = text;
        }

        @JsonValue
        String text() {
            return text;
        }
    }

    static final class Bag {
        @JsonAnySetter
        Map<String, Object> all = new HashMap<>();

        @com.fasterxml.jackson.annotation.JsonAnyGetter
        Map<String, Object> all() {
            return all;
        }
    }

    record Nothing() {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({@JsonSubTypes.Type(Circle.class), @JsonSubTypes.Type(Empty.class)})
    sealed interface Shape permits Circle, Empty {}

    record Circle(int radius) implements Shape {}

    static final class Empty implements Shape {}

    private static void build(Consumer<NamespaceSetup> setup) {
        Realtime.builder().namespace("/", setup).build().close();
    }

    @ParameterizedTest
    @ValueSource(classes = {Hidden.class, Holder.class, Thread.class, CompletableFuture.class})
    void aPayloadThatNothingIsReadInto(Class<?> type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> build(game -> game.on(Event.of("chat", type), (session, payload) -> {})))
                .withMessageContaining("'chat'")
                .withMessageContaining(type.getName());
    }

    @ParameterizedTest
    @ValueSource(classes = {Hidden.class, Holder.class, Thread.class, CompletableFuture.class})
    void aReplyThatNothingIsWrittenOf(Class<?> type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> build(game -> game.on(Request.of("chat", Text.class, type), (session, text) -> null)))
                .withMessageContaining("'chat'")
                .withMessageContaining(type.getName());
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                Bean.class,
                OnlyGetter.class,
                Field.class,
                Made.class,
                Word.class,
                Bag.class,
                Nothing.class,
                Shape.class,
                Circle.class,
                Map.class,
                List.class,
                Object.class,
                JsonNode.class,
                String.class,
                Integer.class,
                byte[].class,
                Text[].class
            })
    void whatWorks(Class<?> type) {
        assertThatCode(() -> build(game -> game.on(Request.of("chat", type, type), (session, payload) -> null)))
                .doesNotThrowAnyException();
    }

    @Test
    void aNameOfTheEngine() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Event.of("realtime:error", Text.class))
                .withMessageContaining("realtime:error");
        assertThatIllegalArgumentException().isThrownBy(() -> Request.of("realtime:x", Text.class, Text.class));
    }

    @Test
    void noNamespace() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Realtime.builder().build())
                .withMessageStartingWith("namespace must be given at least once");
    }

    @Test
    void aSetupThatIsUsedAfterwards() {
        NamespaceSetup[] kept = new NamespaceSetup[1];
        Realtime.builder().namespace("/", game -> kept[0] = game);
        for (Runnable act : List.<Runnable>of(
                () -> kept[0].on(ECHO, (session, text) -> text),
                () -> kept[0].allowAnonymous(),
                () -> kept[0].onConnect(session -> {}))) {
            assertThatIllegalStateException().isThrownBy(act::run).withMessageContaining("setup function");
        }
    }

    @Test
    void aRoomThatAHandlerCannotName() {
        Request<Text, Text> code = Request.of("by code", Text.class, Text.class);
        Request<Text, Text> client = Request.of("by client", Text.class, Text.class);
        Request<Text, Text> later = Request.of("later", Text.class, Text.class);
        TestRealtime realtime = TestRealtime.of(() -> Game.open(game -> game.on(code, (session, text) -> {
                            session.join("secret");
                            return text;
                        })
                        .on(client, (session, text) -> {
                            session.join(Game.ZONE.of(text.text()));
                            return text;
                        })
                        .onAsync(
                                later,
                                (session, text) -> CompletableFuture.completedFuture(text)
                                        .thenApply(same -> {
                                            session.join(Game.ZONE.of(""));
                                            return same;
                                        }))))
                .start();
        TestClient ann = realtime.connect("/", "ann");
        for (Request<Text, Text> request : List.of(code, client, later)) {
            TestReply<Text> reply = ann.ask(request, new Text(request == client ? "x".repeat(300) : "secret"));
            realtime.settle();
            assertThat(reply.errorCode()).as(request.name()).isEqualTo("invalid_room");
            assertThat(ann.connection().texts()).noneMatch(text -> text.contains("secret"));
        }
        realtime.close();
    }
}
