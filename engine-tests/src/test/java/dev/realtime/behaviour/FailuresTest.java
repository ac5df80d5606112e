package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.SAID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.Audience;
import dev.realtime.Event;
import dev.realtime.Namespace;
import dev.realtime.Position;
import dev.realtime.Request;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Log;
import dev.realtime.testkit.TestRealtime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A mistake of the program is thrown where it is made; what the backend does is in the stage, and is not lost if nobody looks at that. */
class FailuresTest {
    private static final Event<Object> ANYTHING = Event.of("anything", Object.class);
    private static final Request<Object, Object> ASK = Request.of("ask", Object.class, Object.class);
    private static final Event<Point> POINT = Event.ofArguments("point", Point.class);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final RoomKey CAVE = RoomKey.parse("zone:cave");
    private static final Text TEXT = new Text("x");
    /** Has no form that clients can read. */
    private static final Object FORGED = Map.of("_placeholder", true, "num", 0);

    record Point(int x, int y) {}

    private boolean failing;
    private final List<CompletableFuture<Position>> held = new ArrayList<>();
    private boolean holding;

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(
                    () -> Game.open().namespaces(Pattern.compile("/match/.*"), match -> match.allowAnonymous()))
            .backend(backend -> around(Backend.class, backend));

    /** The backend, whose logs fail when they are told to. */
    private <T> T around(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    if (method.getName().equals("append") && failing) {
                        return CompletableFuture.failedFuture(new IllegalStateException("the backend is away"));
                    }
                    if (method.getName().equals("append") && holding) {
                        CompletableFuture<Position> place = new CompletableFuture<>();
                        held.add(place);
                        return place;
                    }
                    try {
                        Object result = method.invoke(real, given);
                        return result instanceof Log log && type != Log.class ? around(Log.class, log) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static void throwsAtOnce(Audience audience) {
        assertThatIllegalArgumentException().isThrownBy(() -> audience.emit(ANYTHING, FORGED));
        assertThatIllegalArgumentException().isThrownBy(() -> audience.emit(POINT, nothing()));
        assertThatIllegalArgumentException().isThrownBy(() -> audience.request(ASK, FORGED, SECOND));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> audience.asVolatile().emit(ANYTHING, FORGED));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> audience.asVolatile().emit(POINT, nothing()));
    }

    @SuppressWarnings("NullAway") // the mistake
    private static Point nothing() {
        return (@Nullable Point) null;
    }

    @Test
    void aPayloadWithoutAJsonFormIsThrownByEveryEmit() {
        Session session = Game.session(realtime, realtime.connect("/", "ann"));
        for (Namespace namespace : List.of(realtime.namespace("/"), realtime.namespace("/match/1"))) {
            throwsAtOnce(namespace);
            throwsAtOnce(namespace.local());
            throwsAtOnce(namespace.room(CAVE));
            assertThatIllegalArgumentException().isThrownBy(() -> namespace.serverEmit(ANYTHING, FORGED));
            assertThatIllegalArgumentException().isThrownBy(() -> namespace.serverRequest(ASK, FORGED, SECOND));
        }
        throwsAtOnce(session.room(CAVE));
        assertThatIllegalArgumentException().isThrownBy(() -> session.emit(ANYTHING, FORGED));
        assertThatIllegalArgumentException().isThrownBy(() -> session.request(ASK, FORGED, SECOND));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> session.asVolatile().emit(ANYTHING, FORGED));
        assertThat(counted("events.unencodable")).isPositive();
        assertThat(counted("failures.unseen")).isZero();
    }

    private long counted(String counter) {
        return realtime.realtime().stats().counters().getOrDefault(counter, -1L);
    }

    private CompletionStage<Position> emit() {
        return realtime.namespace("/").emit(SAID, TEXT);
    }

    @Test
    void aFailureThatNobodyLooksAtIsCounted() {
        failing = true;
        emit();
        realtime.namespace("/").room(CAVE).join(CAVE);
        realtime.advance(Duration.ofSeconds(4));
        assertThat(counted("failures.unseen")).isZero();
        realtime.advance(SECOND);
        assertThat(counted("failures.unseen")).isEqualTo(2);
    }

    @Test
    void whoeverLooksWillDoSomethingAboutIt() {
        failing = true;
        emit().exceptionally(failure -> Position.START);
        emit().handleAsync((place, failure) -> failure);
        assertThat(emit().toCompletableFuture()).isCompletedExceptionally();
        realtime.advance(Duration.ofMinutes(1));
        assertThat(counted("failures.unseen")).isZero();
    }

    @Test
    void aFailureThatComesLaterIsCountedIfNobodyWaits() {
        holding = true;
        emit().whenComplete((place, failure) -> {});
        emit();
        emit();
        held.get(2).complete(Position.START);
        held.forEach(place -> place.completeExceptionally(new IllegalStateException("the backend is away")));
        realtime.advance(Duration.ofSeconds(5));
        assertThat(counted("failures.unseen")).isEqualTo(1);
    }

    @Test
    void manyAreJudgedEarlyAndNotKept() {
        failing = true;
        for (int i = 0; i < 1_000; i++) {
            emit();
        }
        assertThat(counted("failures.unseen")).isEqualTo(1_000 - 256);
        realtime.advance(Duration.ofSeconds(5));
        assertThat(counted("failures.unseen")).isEqualTo(1_000);
    }
}
