package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.RoomKey;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.limits.Limits;
import dev.realtime.spi.Backend;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A client that has its session change rooms without end has its record written at a pace, always with the latest, and gets all of its answers. */
class RecordPaceTest {
    private static final Request<Number, Number> GO = Request.of("go", Number.class, Number.class);
    private static final int PER_SECOND = Limits.DEFAULT.recordsPerSecond();
    private static final int AT_ONCE = 10 * PER_SECOND;

    private final List<SessionRecord> saved = new ArrayList<>();
    private int asked;

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
                    .namespace(
                            "/",
                            game -> game.allowAnonymous().on(GO, (session, place) -> {
                                session.rooms().forEach(session::leave);
                                session.join(RoomKey.plain("place " + place.value()));
                                return place;
                            })))
            .backend(this::watched);

    private Backend watched(Backend backend) {
        SessionStore store = around(SessionStore.class, backend.sessions(), "save");
        return (Backend) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("sessions")) {
                        return store;
                    }
                    try {
                        return method.invoke(backend, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private <T> T around(Class<T> type, T inner, String noted) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals(noted)) {
                        saved.add((SessionRecord) arguments[0]);
                    }
                    try {
                        return method.invoke(inner, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private InMemoryConnection client() {
        InMemoryConnection client = realtime.transport()
                .open(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .view());
        client.send("40");
        realtime.settle();
        return client;
    }

    private void go(InMemoryConnection client, int times) {
        for (int i = 0; i < times; i++) {
            client.send("42" + asked + "[\"go\",{\"value\":" + asked + "}]");
            asked++;
            realtime.settle();
        }
    }

    private static long answers(InMemoryConnection client) {
        return client.texts().stream().filter(text -> text.startsWith("43")).count();
    }

    @Test
    void whoChangesRoomsWithoutEndIsWrittenAtAPace() {
        InMemoryConnection client = client();
        for (int tenth = 0; tenth < 100; tenth++) {
            go(client, 50);
            realtime.advance(Duration.ofMillis(100));
        }
        realtime.advance(Duration.ofSeconds(1));
        assertThat(saved).hasSizeBetween(AT_ONCE + 9 * PER_SECOND, AT_ONCE + 11 * PER_SECOND + 2);
        assertThat(answers(client)).isEqualTo(asked);
        assertThat(saved.get(saved.size() - 1).memberships().toString()).contains("place " + (asked - 1));
        assertThat(realtime.realtime().stats().counters().get("records.delayed"))
                .isPositive();
    }

    @Test
    void whoChangesRoomsNowAndThenWaitsForNothing() {
        InMemoryConnection client = client();
        for (int second = 0; second < 30; second++) {
            go(client, PER_SECOND / 2); // leaving and joining are two changes
            assertThat(answers(client)).isEqualTo(asked);
            realtime.advance(Duration.ofSeconds(1));
        }
        assertThat(realtime.realtime().stats().counters().get("records.delayed"))
                .isZero();
    }

    @Test
    void anAnswerThatWaitsForItsRecordWaitsForOneTurn() {
        InMemoryConnection client = client();
        go(client, AT_ONCE);
        long before = answers(client);
        go(client, 1);
        assertThat(answers(client)).isEqualTo(before);
        realtime.advance(Duration.ofMillis(1_000 / PER_SECOND + 1));
        realtime.advance(Duration.ofMillis(1_000 / PER_SECOND + 1));
        assertThat(answers(client)).isEqualTo(asked);
    }
}
