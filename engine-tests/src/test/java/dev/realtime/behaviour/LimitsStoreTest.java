package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.RateLimit;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Values;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Limits that nodes count together, over a store that does not do as it should. */
class LimitsStoreTest {
    private static final Request<Text, Text> SAY =
            Request.of("say", Text.class, Text.class).limit(RateLimit.perMinute(20));

    private boolean throwing;
    private boolean readOnly;
    private Duration clockAhead = Duration.ZERO;

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(this::game).backend(this::around);

    private RealtimeBuilder game() {
        return Realtime.builder().namespace("/", game -> game.allowAnonymous().on(SAY, (session, text) -> text));
    }

    private Backend around(Backend inner) {
        Values values = new FaultyValues(inner.values());
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("values")) {
                        return values;
                    }
                    try {
                        return method.invoke(inner, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private final class FaultyValues implements Values {
        private final Values inner;

        FaultyValues(Values inner) {
            this.inner = inner;
        }

        @Override
        public CompletionStage<Value> find(String name) {
            return inner.find(name).thenApply(this::onItsClock);
        }

        @Override
        public CompletionStage<Written> put(
                String name, long expectedVersion, @Nullable String text, Duration timeToLive) {
            if (throwing) {
                throw new IllegalStateException("closed");
            }
            return readOnly
                    ? CompletableFuture.failedFuture(new IllegalStateException("out of memory"))
                    : inner.put(name, expectedVersion, text, timeToLive)
                            .thenApply(written -> new Written(written.isDone(), onItsClock(written.value())));
        }

        private Value onItsClock(Value value) {
            return new Value(value.version(), value.text(), value.at().plus(clockAhead));
        }
    }

    private long alone() {
        return realtime.realtime().stats().gauges().get("limits.alone");
    }

    @Test
    void aStoreThatThrowsIsOneThatDoesNotAnswer() {
        TestClient ann = realtime.connect("/", "ann");
        assertThat(ann.ask(SAY, new Text("x")).value()).isNotNull();
        throwing = true;
        TestReply<Text> alone = ann.ask(SAY, new Text("x"));
        realtime.advance(Duration.ofSeconds(5));
        assertThat(alone.value()).isNotNull();
        throwing = false;
        realtime.advance(Duration.ofMinutes(2));
        assertThat(ann.ask(SAY, new Text("x")).value()).isNotNull();
        assertThat(alone()).isZero();
    }

    @Test
    void aStoreWhoseClockIsSetBackRefusesNobodyForLongerThanTheLimitDoes() {
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 20; i++) {
            assertThat(ann.ask(SAY, new Text("x")).value()).isNotNull();
        }
        ann.disconnect();
        realtime.advance(Duration.ofSeconds(100)); // all that is left of it is in the store
        clockAhead = Duration.ofHours(-1);
        TestClient again = realtime.connect("/", "ann");
        again.ask(SAY, new Text("x")).answer();
        realtime.advance(Duration.ofSeconds(61));
        assertThat(again.ask(SAY, new Text("x")).value()).isNotNull();
    }

    @Test
    void aNodeIsAloneForAsLongAsTheStoreTakesNothing() {
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            clients.add(realtime.connect("/", "user" + i));
        }
        readOnly = true;
        List<Long> alone = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            clients.get(i % 5).ask(SAY, new Text("x"));
            realtime.advance(Duration.ofMillis(700));
            alone.add(alone());
        }
        assertThat(alone).containsOnly(1L);
        readOnly = false;
        realtime.advance(Duration.ofSeconds(2));
        assertThat(alone()).isZero();
    }
}
