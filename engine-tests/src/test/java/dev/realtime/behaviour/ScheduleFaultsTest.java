package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.SAID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.schedule.ScheduleOptions;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Log;
import dev.realtime.spi.Queues;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a schedule does with a backend that fails now and then, and what it asks of it. */
class ScheduleFaultsTest {
    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(ScheduleFaultsTest::game).backend(this::around);

    private final Set<String> refused = new HashSet<>(); // ids that the log never takes
    private final List<String> asked = new ArrayList<>(); // ids that the log was told
    private boolean takeThrows;

    private static RealtimeBuilder game() {
        return Realtime.builder().namespace("/", game -> game.schedule(ScheduleOptions.DEFAULT));
    }

    private interface Instead {
        @Nullable
        Object of(String method, Object[] arguments);
    }

    private static <T> T around(Class<T> type, Object inner, Instead instead) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Object other = instead.of(method.getName(), arguments);
                    if (other != null) {
                        return other;
                    }
                    try {
                        Object answer = method.invoke(inner, arguments);
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private Backend around(Backend inner) {
        Queues queues = around(Queues.class, inner.queues(), (call, given) -> {
            if (takeThrows && call.equals("take")) {
                throw new StackOverflowError("not as a stage");
            }
            return null;
        });
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("queues")) {
                        return queues;
                    }
                    try {
                        Object answer = method.invoke(inner, arguments);
                        return answer instanceof Log log ? around(Log.class, log, this::instead) : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private @Nullable Object instead(String call, Object[] given) {
        if (call.equals("appendOnce") || call.equals("forbid")) {
            asked.add((String) given[0]);
            if (refused.contains(((String) given[0]).replace("schedule:", ""))) {
                return CompletableFuture.failedFuture(new IllegalStateException("this one never"));
            }
        }
        return null;
    }

    private String later(int seconds, String text) {
        Namespace game = realtime.namespace("/");
        return realtime.await(game.emitAfter(Duration.ofSeconds(seconds), SAID, new Text(text)))
                .id();
    }

    private static List<String> said(TestClient client) {
        return client.received(SAID).stream().map(Text::text).toList();
    }

    private int waiting() {
        return realtime.await(realtime.namespace("/").schedule().list(null, 1_000))
                .events()
                .size();
    }

    @Test
    void oneThatTheLogNeverTakesHoldsUpNoOther() {
        TestClient ann = realtime.connect("/", "ann");
        refused.add(later(1, "never"));
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            later(2, String.valueOf(i));
            expected.add(String.valueOf(i));
        }
        realtime.advance(Duration.ofHours(3));
        assertThat(said(ann)).isEqualTo(expected);
        assertThat(waiting()).isOne();
        refused.clear();
        realtime.advance(Duration.ofSeconds(2));
        assertThat(said(ann)).endsWith("never").hasSize(121);
        assertThat(waiting()).isZero();
    }

    @Test
    void manyThatTheLogDoesNotTakeHoldUpNoOther() {
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 200; i++) {
            refused.add(later(1, "never"));
        }
        later(2, "behind");
        realtime.advance(Duration.ofSeconds(20));
        assertThat(said(ann)).containsExactly("behind");
        assertThat(waiting()).isEqualTo(200);
    }

    @Test
    void aBackendThatThrowsIsAskedAgain() {
        TestClient ann = realtime.connect("/", "ann");
        takeThrows = true;
        later(1, "hi");
        realtime.advance(Duration.ofSeconds(3));
        takeThrows = false;
        realtime.advance(Duration.ofSeconds(3));
        assertThat(said(ann)).containsExactly("hi");
    }

    @Test
    void theLogIsToldOfNoIdButThoseOfTheSchedule() {
        String emitted = later(1, "hi");
        realtime.advance(Duration.ofSeconds(2));
        String waits = later(60, "later");
        asked.clear();
        for (String id : List.of("", "state:writer:1", "aaaaaaaaaaaaaaaaaaaa", emitted)) {
            assertThat(realtime.await(realtime.namespace("/").schedule().cancel(id)))
                    .isFalse();
        }
        assertThat(asked).isEmpty();
        assertThat(realtime.await(realtime.namespace("/").schedule().cancel(waits)))
                .isTrue();
        assertThat(asked).containsExactly("schedule:" + waits);
    }
}
