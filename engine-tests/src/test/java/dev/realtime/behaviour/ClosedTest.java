package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.PING;
import static dev.realtime.behaviour.Game.SAID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.realtime.Attribute;
import dev.realtime.Audience;
import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.TestRealtime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A closed engine does nothing any more and says so: no stage that it has given or gives stays open. */
class ClosedTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final RoomKey CAVE = RoomKey.parse("zone:cave");
    private static final Text TEXT = new Text("x");

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(
            () -> Game.open().namespaces(Pattern.compile("/match/.*"), match -> match.allowAnonymous()));

    private final Map<String, CompletionStage<?>> begun = new LinkedHashMap<>();

    private void beginAll(Namespace namespace) {
        begin(namespace + " ", namespace);
        begin(namespace + " local ", namespace.local());
        begin(namespace + " room ", namespace.room(CAVE));
        begun.put(namespace + " serverRequest", namespace.serverRequest(ECHO, TEXT, DAY));
        begun.put(namespace + " online", namespace.online("ann"));
    }

    private void begin(String of, Audience audience) {
        begun.put(of + "emit", audience.emit(SAID, TEXT));
        begun.put(of + "emit nothing", audience.emit(PING));
        begun.put(of + "request", audience.request(ECHO, TEXT, DAY));
        begun.put(of + "fetch", audience.fetch());
        begun.put(of + "join", audience.join(CAVE));
        begun.put(of + "leave", audience.leave(CAVE));
    }

    private void beginAll(Session session) {
        begun.put("session emit", session.emit(SAID, TEXT));
        begun.put("session emit nothing", session.emit(PING));
        begun.put("session request", session.request(ECHO, TEXT, DAY));
        session.set(Attribute.recorded("name", String.class), "x");
        begun.put("session recorded", session.recorded());
        begin("session room ", session.room(CAVE));
    }

    private void close(Realtime closing) {
        var drained = closing.drain(Duration.ofSeconds(1));
        realtime.advance(Duration.ofSeconds(5));
        realtime.await(drained);
        closing.close();
    }

    private List<String> open() {
        return begun.entrySet().stream()
                .filter(entry -> !entry.getValue().toCompletableFuture().isDone())
                .map(Map.Entry::getKey)
                .toList();
    }

    private List<String> notFailed() {
        return begun.entrySet().stream()
                .filter(entry -> !entry.getValue().toCompletableFuture().isCompletedExceptionally())
                .map(Map.Entry::getKey)
                .toList();
    }

    @Test
    void whatIsBegunAfterwardsFails() {
        Realtime closed = realtime.realtime();
        Session session = Game.session(realtime, realtime.connect("/", "ann"));
        List<Namespace> namespaces = List.of(closed.namespace("/"), closed.namespace("/match/1"));
        close(closed);
        namespaces.get(1).emit(PING);
        begin("closed / ", namespaces.get(0));
        begin("closed / local ", namespaces.get(0).local());
        beginAll(namespaces.get(0));
        begin("closed /match/1 ", namespaces.get(1));
        begun.put("closed /match/1 disconnect", namespaces.get(1).disconnect(true));
        begun.put("closed /match/1 serverRequest", namespaces.get(1).serverRequest(ECHO, TEXT, DAY));
        begun.put("closed / disconnect", closed.namespace("/").disconnect(true));
        beginAll(session);
        assertThat(notFailed()).isEmpty();
        assertThat(begun.values())
                .allSatisfy(stage -> assertThat(realtime.failure(stage))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("this Realtime is closed"));
        assertThat(closed.ready().toCompletableFuture()).isDone();
    }

    @Test
    void whatReturnsNothingThrows() {
        Realtime closed = realtime.realtime();
        Session session = Game.session(realtime, realtime.connect("/", "ann"));
        Namespace held = closed.namespace("/match/1");
        close(closed);
        for (Runnable act : List.<Runnable>of(
                () -> closed.namespace("/").asVolatile().emit(SAID, TEXT),
                () -> closed.namespace("/").asVolatile().emit(PING),
                () -> closed.namespace("/").serverEmit(SAID, TEXT),
                () -> session.asVolatile().emit(PING),
                () -> held.serverEmit(SAID, TEXT),
                held::sessions)) {
            assertThatIllegalStateException().isThrownBy(act::run).withMessage("this Realtime is closed");
        }
    }

    @Test
    void whatWasBegunBeforeIsOver() {
        Realtime closing = realtime.realtime();
        Session session = Game.session(realtime, realtime.connect("/", "ann"));
        realtime.connect("/match/1", "bob").connection();
        beginAll(closing.namespace("/"));
        beginAll(closing.namespace("/match/1"));
        beginAll(session);
        begun.put("ready", closing.ready());
        close(closing);
        assertThat(open()).isEmpty();
    }

    @Test
    void closedWithoutATurnItStillLeavesNothingOpen() throws Exception {
        // on threads of its own, which are gone when close() returns
        Realtime closing =
                Realtime.builder().namespace("/", game -> game.allowAnonymous()).build();
        for (int i = 0; i < 200; i++) {
            begun.put("fetch " + i, closing.namespace("/").fetch().thenApply(fetched -> fetched));
            begun.put("request " + i, closing.namespace("/").request(ECHO, TEXT, DAY));
        }
        closing.close();
        for (CompletionStage<?> stage : begun.values()) {
            stage.handle((value, failure) -> value).toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> closing.namespace("/").serverEmit(SAID, TEXT));
    }
}
