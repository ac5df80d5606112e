package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.ErrorCode;
import dev.realtime.Event;
import dev.realtime.EventRefusedException;
import dev.realtime.NamespaceSetup;
import dev.realtime.NamespaceSetup.Acknowledgement;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import dev.realtime.idempotency.Idempotency;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Values;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests that are handled once, on one node. */
class IdempotencyTest {
    record Buy(@Nullable String id, String item, long at) {
        Buy(@Nullable String id, String item) {
            this(id, item, 0);
        }

        @Nullable
        Instant sentAt() {
            return at == 0 ? null : Instant.ofEpochMilli(at);
        }
    }

    record Bought(int number, String item) {}

    record Picture(byte[] pixels) {}

    private static final Request<Buy, Bought> BUY = request("buy").idempotentBy(Buy::id);
    private static final Request<Buy, Bought> ERROR_FIRST = BUY.errorFirst();
    private static final Request<Buy, Bought> SLOW = request("slow").idempotentBy(Buy::id);
    private static final Request<Buy, Bought> ASKED = request("asked").idempotentBy(Buy::id);
    private static final Request<Buy, Bought> LONG = request("long").idempotentBy(Buy::id, Duration.ofMinutes(10));
    private static final Request<Buy, Bought> TIMED =
            request("timed").idempotentBy(Idempotency.by(Buy::id).sentAt(Buy::sentAt));
    private static final Request<Buy, Bought> KEYLESS = request("keyless").idempotentBy(buy -> {
        throw new IllegalStateException("no key today");
    });
    private static final Request<Buy, Bought> ANYHOW =
            request("anyhow").idempotentBy(Idempotency.by(Buy::id).unprotectedInOutage());
    private static final Request<Buy, Picture> DRAW =
            Request.of("draw", Buy.class, Picture.class).idempotentBy(Buy::id);
    private static final Request<Buy, Bought> ALWAYS = request("always");
    private static final Event<Bought> SOLD = Event.of("sold", Bought.class);

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(this::game).backend(this::around);

    private final List<String> handled = new ArrayList<>();
    private final List<CompletableFuture<Bought>> slow = new ArrayList<>();
    private final List<Acknowledgement<Bought>> asked = new ArrayList<>();
    private final List<Optional<String>> keys = new ArrayList<>();
    private @Nullable RuntimeException failure;
    private boolean down;
    private boolean silent;
    private int pixels = 8;

    private static Request<Buy, Bought> request(String name) {
        return Request.of(name, Buy.class, Bought.class);
    }

    private RealtimeBuilder game() {
        return Realtime.builder()
                .namespace("/", this::handlers)
                .namespace("/other", this::handlers)
                .namespace("/direct", game -> handlers(game).directExecutor())
                .namespace("/error-first", game -> game.on(ERROR_FIRST, (session, buy) -> bought(buy)));
    }

    private NamespaceSetup handlers(NamespaceSetup game) {
        return game.allowAnonymous()
                .on(BUY, (session, buy) -> {
                    keys.add(session.idempotencyKey());
                    session.emit(SOLD, new Bought(handled.size(), buy.item()));
                    return bought(buy);
                })
                .onAsync(SLOW, (session, buy) -> {
                    handled.add(buy.item());
                    CompletableFuture<Bought> later = new CompletableFuture<>();
                    slow.add(later);
                    return later;
                })
                .onAcknowledge(ASKED, (session, buy, acknowledgement) -> {
                    handled.add(buy.item());
                    asked.add(acknowledgement);
                })
                .on(LONG, (session, buy) -> bought(buy))
                .on(TIMED, (session, buy) -> bought(buy))
                .on(KEYLESS, (session, buy) -> bought(buy))
                .on(ANYHOW, (session, buy) -> bought(buy))
                .on(ALWAYS, (session, buy) -> {
                    keys.add(session.idempotencyKey());
                    return bought(buy);
                })
                .on(DRAW, (session, buy) -> {
                    handled.add(buy.item());
                    byte[] picture = new byte[pixels];
                    picture[0] = (byte) handled.size();
                    return new Picture(picture);
                });
    }

    private Bought bought(Buy buy) {
        handled.add(buy.item());
        if (failure != null) {
            throw failure;
        }
        return new Bought(handled.size(), buy.item());
    }

    private Backend around(Backend inner) {
        Values values = new BreakableValues(inner.values());
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

    private final class BreakableValues implements Values {
        private final Values inner;

        BreakableValues(Values inner) {
            this.inner = inner;
        }

        private <T> CompletionStage<T> maybe(CompletionStage<T> answer) {
            return down ? CompletableFuture.failedFuture(new IllegalStateException("away")) : answer;
        }

        @Override
        public CompletionStage<Value> find(String name) {
            return maybe(silent ? new CompletableFuture<>() : inner.find(name));
        }

        @Override
        public CompletionStage<Written> put(
                String name, long expectedVersion, @Nullable String text, Duration timeToLive) {
            return down || silent
                    ? maybe(new CompletableFuture<>())
                    : inner.put(name, expectedVersion, text, timeToLive);
        }
    }

    private TestClient ann() {
        return realtime.connect("/", "ann");
    }

    private static String code(TestReply<?> reply) {
        return reply.errorCode();
    }

    private long counter(String name) {
        return realtime.realtime().stats().counters().get(name);
    }

    private long pending() {
        return realtime.realtime().stats().gauges().get("idempotency.pending");
    }

    @Test
    void aRequestThatIsSentAgainGetsTheAnswerOfTheFirst() {
        TestClient ann = ann();
        assertThat(ann.request(BUY, new Buy("1", "rope"))).isEqualTo(new Bought(1, "rope"));
        assertThat(ann.request(BUY, new Buy("1", "rope"))).isEqualTo(new Bought(1, "rope"));
        assertThat(ann.request(BUY, new Buy("2", "rope"))).isEqualTo(new Bought(2, "rope"));
        assertThat(handled).hasSize(2);
        assertThat(ann.received(SOLD)).hasSize(2);
        assertThat(counter("idempotency.repeated")).isEqualTo(1);
        assertThat(pending()).isZero();
    }

    @Test
    void itIsHandledOnceAlsoWhereHandlersRunOnTheThreadThatReads() {
        TestClient ann = realtime.connect("/direct", "ann");
        assertThat(ann.request(BUY, new Buy("1", "rope"))).isEqualTo(new Bought(1, "rope"));
        assertThat(ann.request(BUY, new Buy("1", "rope"))).isEqualTo(new Bought(1, "rope"));
    }

    @Test
    void aKeyBelongsToTheUserTheRequestAndTheNamespace() {
        Buy buy = new Buy("1", "rope");
        assertThat(ann().request(BUY, buy)).isEqualTo(new Bought(1, "rope"));
        assertThat(realtime.connect("/", "bob").request(BUY, buy)).isEqualTo(new Bought(2, "rope"));
        assertThat(ann().request(LONG, buy)).isEqualTo(new Bought(3, "rope"));
        assertThat(realtime.connect("/other", "ann").request(BUY, buy)).isEqualTo(new Bought(4, "rope"));
        assertThat(ann().request(BUY, buy)).isEqualTo(new Bought(1, "rope"));
    }

    @Test
    void theKeyOfAnAnonymousClientIsItsSessions() {
        Buy buy = new Buy("1", "rope");
        TestClient one = realtime.client().connect("/");
        TestClient other = realtime.client().connect("/");
        assertThat(one.request(BUY, buy)).isEqualTo(new Bought(1, "rope"));
        assertThat(other.request(BUY, buy)).isEqualTo(new Bought(2, "rope"));
        one.dropConnection();
        one.reconnect();
        assertThat(one.recovered()).isTrue();
        assertThat(one.request(BUY, buy)).isEqualTo(new Bought(1, "rope"));
    }

    @Test
    void anAnswerIsKeptForTheWindow() {
        TestClient ann = ann();
        ann.request(BUY, new Buy("1", "rope"));
        ann.request(LONG, new Buy("1", "net"));
        realtime.advance(Duration.ofSeconds(119));
        assertThat(ann.request(BUY, new Buy("1", "rope"))).isEqualTo(new Bought(1, "rope"));
        realtime.advance(Duration.ofSeconds(2));
        assertThat(ann.request(BUY, new Buy("1", "rope"))).isEqualTo(new Bought(3, "rope"));
        assertThat(ann.request(LONG, new Buy("1", "net"))).isEqualTo(new Bought(2, "net"));
    }

    @Test
    void whoeverSendsTheSameWhileItIsHandledWaitsForItsAnswer() {
        TestClient phone = ann();
        TestClient tablet = ann();
        TestReply<Bought> first = phone.ask(SLOW, new Buy("1", "rope"));
        TestReply<Bought> second = tablet.ask(SLOW, new Buy("1", "rope"));
        realtime.advance(Duration.ofSeconds(30));
        assertThat(second.isAnswered()).isFalse();
        slow.get(0).complete(new Bought(7, "rope"));
        realtime.settle();
        assertThat(first.value()).isEqualTo(new Bought(7, "rope"));
        assertThat(second.value()).isEqualTo(new Bought(7, "rope"));
        assertThat(handled).hasSize(1);
        assertThat(pending()).isZero();
    }

    @Test
    void aHandlerThatIsLateTellsWhoeverAsksAgain() {
        TestClient ann = ann();
        TestReply<Bought> first = ann.ask(SLOW, new Buy("1", "rope"));
        realtime.advance(Duration.ofSeconds(61));
        assertThat(code(first)).isEqualTo("timeout");
        TestReply<Bought> second = ann.ask(SLOW, new Buy("1", "rope"));
        assertThat(second.isAnswered()).isFalse();
        slow.get(0).complete(new Bought(7, "rope"));
        realtime.settle();
        assertThat(second.value()).isEqualTo(new Bought(7, "rope"));
        assertThat(ann.request(SLOW, new Buy("1", "rope"))).isEqualTo(new Bought(7, "rope"));
        assertThat(first.count()).isEqualTo(1);
        assertThat(handled).hasSize(1);
    }

    @Test
    void aHandlerThatNeverAnswersHoldsItsKeyForFourTimeoutsAndIsNotRepeatedForTheWindow() {
        TestClient ann = ann();
        Buy buy = new Buy("1", "rope");
        ann.ask(SLOW, buy);
        realtime.advance(Duration.ofSeconds(230));
        assertThat(pending()).isOne();
        realtime.advance(Duration.ofSeconds(15));
        assertThat(pending()).isZero();
        assertThat(counter("idempotency.abandoned")).isEqualTo(1);
        assertThat(code(ann.ask(SLOW, buy))).isEqualTo("already_handled");
        slow.get(0).complete(new Bought(7, "rope"));
        realtime.advance(Duration.ofSeconds(60));
        assertThat(code(ann.ask(SLOW, buy))).isEqualTo("already_handled");
        assertThat(handled).hasSize(1);
        realtime.advance(Duration.ofSeconds(70));
        ann.ask(SLOW, buy);
        assertThat(handled).hasSize(2);
    }

    @Test
    void handlersThatNeverAcknowledgeDoNotKeepTheirPlacesForEver() {
        TestClient ann = ann();
        for (int i = 0; i < 64; i++) {
            ann.ask(ASKED, new Buy("" + i, "rope"));
        }
        realtime.advance(Duration.ofMinutes(3));
        assertThat(code(ann.ask(ASKED, new Buy("64", "rope")))).isEqualTo("overloaded");
        realtime.advance(Duration.ofMinutes(2));
        assertThat(ann.ask(ASKED, new Buy("65", "rope")).isAnswered()).isFalse();
        assertThat(pending()).isEqualTo(1);
    }

    @Test
    void whileTheStoreIsAwayAHandlerThatNeverAnswersHoldsNothingForEver() {
        TestClient ann = ann();
        ann.ask(SLOW, new Buy("1", "rope"));
        realtime.settle();
        down = true;
        realtime.advance(Duration.ofMinutes(7));
        assertThat(pending()).isZero();
    }

    @Test
    void aHandlerThatAcknowledgesByItselfHoldsUpNobody() {
        TestClient ann = ann();
        TestReply<Bought> first = ann.ask(ASKED, new Buy("1", "rope"));
        TestReply<Bought> second = ann.ask(ASKED, new Buy("1", "rope"));
        assertThat(ann.request(BUY, new Buy("1", "net"))).isEqualTo(new Bought(2, "net"));
        asked.get(0).give(new Bought(9, "rope"));
        realtime.settle();
        assertThat(first.value()).isEqualTo(new Bought(9, "rope"));
        assertThat(second.value()).isEqualTo(new Bought(9, "rope"));
        assertThat(ann.request(ASKED, new Buy("1", "rope"))).isEqualTo(new Bought(9, "rope"));
        assertThat(asked).hasSize(1);
    }

    @Test
    void aRefusalOnPurposeIsKept() {
        TestClient ann = ann();
        failure = new EventRefusedException("poor", "Not enough coins");
        assertThat(code(ann.ask(BUY, new Buy("1", "rope")))).isEqualTo("poor");
        failure = null;
        TestReply<Bought> again = ann.ask(BUY, new Buy("1", "rope"));
        assertThat(again.error().toString()).isEqualTo("{\"code\":\"poor\",\"message\":\"Not enough coins\"}");
        assertThat(handled).hasSize(1);
    }

    @Test
    void aRefusalForNowIsNotKept() {
        TestClient ann = ann();
        failure = new EventRefusedException("closed", "The shop is closed", Duration.ofSeconds(3));
        assertThat(code(ann.ask(BUY, new Buy("1", "rope")))).isEqualTo("closed");
        failure = new EventRefusedException(ErrorCode.OVERLOADED);
        assertThat(code(ann.ask(BUY, new Buy("1", "rope")))).isEqualTo("overloaded");
        failure = null;
        assertThat(ann.request(BUY, new Buy("1", "rope"))).isEqualTo(new Bought(3, "rope"));
    }

    @Test
    void aHandlerThatFailedMayRunAgain() {
        realtime.allowHandlerFailures();
        TestClient ann = ann();
        failure = new IllegalStateException("the database is away");
        assertThat(code(ann.ask(BUY, new Buy("1", "rope")))).isEqualTo("handler_failed");
        failure = null;
        assertThat(ann.request(BUY, new Buy("1", "rope"))).isEqualTo(new Bought(2, "rope"));
        assertThat(ann.request(BUY, new Buy("1", "rope"))).isEqualTo(new Bought(2, "rope"));
    }

    @Test
    void errorFirstRequestsGetTheirRefusalsInTheirForm() {
        TestClient ann = realtime.connect("/error-first", "ann");
        failure = new EventRefusedException("poor", "Not enough coins");
        String first = ann.ask(ERROR_FIRST, new Buy("1", "rope")).answer().toString();
        assertThat(first).isEqualTo("[{\"code\":\"poor\",\"message\":\"Not enough coins\"}]");
        assertThat(ann.ask(ERROR_FIRST, new Buy("1", "rope")).answer()).hasToString(first);
        failure = null;
        assertThat(ann.ask(ERROR_FIRST, new Buy("2", "rope")).answer().get(0).isNull())
                .isTrue();
    }

    @Test
    void aRequestWithoutAKeyIsRefusedAndNothingElse() {
        TestClient ann = ann();
        assertThat(code(ann.ask(BUY, new Buy("", "rope")))).isEqualTo("invalid_payload");
        assertThat(code(ann.ask(BUY, new Buy("x".repeat(257), "rope")))).isEqualTo("invalid_payload");
        assertThat(ann.askRaw("buy", Map.of("item", "rope", "at", 0)).errorCode())
                .isEqualTo("invalid_payload");
        assertThat(ann.request(BUY, new Buy("x".repeat(256), "rope"))).isEqualTo(new Bought(1, "rope"));
        assertThat(handled).hasSize(1);
    }

    @Test
    void aKeyFunctionThatThrowsIsAFailureOfTheApplication() {
        realtime.allowHandlerFailures();
        TestClient ann = ann();
        assertThat(code(ann.ask(KEYLESS, new Buy("1", "rope")))).isEqualTo("handler_failed");
        assertThat(handled).isEmpty();
        assertThat(ann.request(BUY, new Buy("1", "rope"))).isNotNull();
    }

    @Test
    void aHandlerKnowsTheKey() {
        TestClient ann = ann();
        ann.request(BUY, new Buy("1", "rope"));
        ann.request(BUY, new Buy("2", "rope"));
        realtime.connect("/", "bob").request(BUY, new Buy("1", "rope"));
        ann.request(ALWAYS, new Buy("1", "rope"));
        assertThat(keys.subList(0, 3)).allMatch(Optional::isPresent).doesNotHaveDuplicates();
        assertThat(keys.get(0).orElseThrow()).hasSize(43).matches("[A-Za-z0-9_-]+");
        assertThat(keys.get(3)).isEmpty();
    }

    @Test
    void anAnswerWithBytesIsTheSameAgain() {
        TestClient ann = ann();
        byte[] first = ann.request(DRAW, new Buy("1", "cat")).pixels();
        assertThat(first).hasSize(8).startsWith(1);
        assertThat(ann.request(DRAW, new Buy("1", "cat")).pixels()).isEqualTo(first);
        assertThat(handled).hasSize(1);
    }

    @Test
    void anAnswerThatIsTooLargeIsNotKeptButTheHandlerRanOnce() {
        pixels = 12 << 10;
        TestClient ann = ann();
        assertThat(ann.request(DRAW, new Buy("1", "cat")).pixels()).hasSize(12 << 10);
        assertThat(code(ann.ask(DRAW, new Buy("1", "cat")))).isEqualTo("already_handled");
        assertThat(handled).hasSize(1);
        assertThat(counter("idempotency.unkept")).isEqualTo(1);
    }

    @Test
    void aRequestThatComesAfterItsTimeIsNeverHandled() {
        TestClient ann = ann();
        long now = realtime.time().now().toEpochMilli();
        assertThat(ann.request(TIMED, new Buy("1", "rope", now))).isEqualTo(new Bought(1, "rope"));
        assertThat(ann.request(TIMED, new Buy("1", "rope", now))).isEqualTo(new Bought(1, "rope"));
        Buy late = new Buy("2", "rope", now);
        realtime.advance(Duration.ofSeconds(121));
        assertThat(code(ann.ask(TIMED, late))).isEqualTo("request_expired");
        realtime.advance(Duration.ofMinutes(5));
        assertThat(code(ann.ask(TIMED, new Buy("1", "rope", now)))).isEqualTo("request_expired");
        assertThat(code(ann.ask(TIMED, new Buy("3", "rope", now + 10_000_000)))).isEqualTo("invalid_payload");
        assertThat(code(ann.ask(TIMED, new Buy("4", "rope")))).isEqualTo("invalid_payload");
        assertThat(handled).hasSize(1);
        assertThat(pending()).isZero();
    }

    @Test
    void aClientWhoseClockIsFastIsHandledOnceToo() {
        TestClient ann = ann();
        Buy fast = new Buy("1", "rope", realtime.time().now().toEpochMilli() + 110_000);
        assertThat(ann.request(TIMED, fast)).isEqualTo(new Bought(1, "rope"));
        realtime.advance(Duration.ofSeconds(229));
        assertThat(ann.request(TIMED, fast)).isEqualTo(new Bought(1, "rope"));
        realtime.advance(Duration.ofSeconds(20));
        assertThat(code(ann.ask(TIMED, fast))).isEqualTo("request_expired");
        assertThat(handled).hasSize(1);
    }

    @Test
    void whileTheStoreIsAwayNothingIsHandledUnprotected() {
        TestClient ann = ann();
        down = true;
        assertThat(code(ann.ask(BUY, new Buy("1", "rope")))).isEqualTo("unavailable");
        assertThat(ann.request(ANYHOW, new Buy("1", "rope"))).isEqualTo(new Bought(1, "rope"));
        down = false;
        assertThat(ann.request(BUY, new Buy("1", "rope"))).isEqualTo(new Bought(2, "rope"));
        assertThat(counter("idempotency.unavailable")).isEqualTo(2);
        assertThat(pending()).isZero();
    }

    @Test
    void aStoreThatDoesNotAnswerIsAway() {
        TestClient ann = ann();
        silent = true;
        TestReply<Bought> lost = ann.ask(BUY, new Buy("1", "rope"));
        realtime.advance(Duration.ofSeconds(6));
        assertThat(code(lost)).isEqualTo("unavailable");
        assertThat(handled).isEmpty();
        silent = false;
        assertThat(ann.request(BUY, new Buy("1", "rope"))).isEqualTo(new Bought(1, "rope"));
    }

    @Test
    void anAnswerThatTheStoreDoesNotTakeIsKeptWhenItDoes() {
        TestClient phone = ann();
        TestReply<Bought> first = phone.ask(SLOW, new Buy("1", "rope"));
        down = true;
        slow.get(0).complete(new Bought(7, "rope"));
        realtime.advance(Duration.ofSeconds(20));
        assertThat(first.isAnswered()).isFalse();
        down = false;
        realtime.advance(Duration.ofSeconds(2));
        assertThat(first.value()).isEqualTo(new Bought(7, "rope"));
        assertThat(ann().request(SLOW, new Buy("1", "rope"))).isEqualTo(new Bought(7, "rope"));
        assertThat(handled).hasSize(1);
    }

    @Test
    void noMoreThanSixteenWaitForOneAnswer() {
        TestClient ann = ann();
        List<TestReply<Bought>> replies = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            replies.add(ann.ask(ASKED, new Buy("1", "rope")));
        }
        assertThat(replies.stream().filter(TestReply::isAnswered).map(IdempotencyTest::code))
                .containsExactly("overloaded", "overloaded", "overloaded");
        assertThat(counter("idempotency.overflow")).isEqualTo(3);
        asked.get(0).give(new Bought(1, "rope"));
        realtime.settle();
        assertThat(replies).allMatch(TestReply::isAnswered);
    }

    @Test
    void noMoreThanSixtyFourOfASessionAreUnderWay() {
        TestClient ann = ann();
        for (int i = 0; i < 64; i++) {
            ann.ask(ASKED, new Buy("" + i, "rope"));
        }
        assertThat(code(ann.ask(ASKED, new Buy("64", "rope")))).isEqualTo("overloaded");
        assertThat(ann().ask(ASKED, new Buy("65", "rope")).isAnswered()).isFalse();
        asked.get(0).give(new Bought(1, "rope"));
        realtime.settle();
        assertThat(ann.ask(ASKED, new Buy("66", "rope")).isAnswered()).isFalse();
        assertThat(pending()).isEqualTo(65);
    }

    @Test
    void interceptorsStandAroundTheHandlerAndAreNotAskedAgain() {
        List<String> around = new ArrayList<>();
        TestRealtime other = TestRealtime.of(() -> Realtime.builder()
                        .namespace(
                                "/",
                                game -> game.on(BUY, (session, buy) -> bought(buy))
                                        .intercept((session, event, payload, next) -> {
                                            around.add("before " + handled.size());
                                            if (((Buy) payload).item().equals("sword")) {
                                                return;
                                            }
                                            next.proceed();
                                            around.add("after " + handled.size());
                                        })))
                .start();
        TestClient ann = other.connect("/", "ann");
        ann.request(BUY, new Buy("1", "rope"));
        ann.request(BUY, new Buy("1", "rope"));
        assertThat(around).containsExactly("before 0", "after 1");
        assertThat(code(ann.ask(BUY, new Buy("2", "sword")))).isEqualTo("refused");
        ann.emitRaw("buy", Map.of("id", "3", "item", "sword", "at", 0));
        other.settle();
        assertThat(other.realtime().stats().gauges().get("idempotency.pending")).isZero();
        other.close();
    }

    @Test
    void aBackendWithoutValuesIsRefusedAtOnce() {
        Backend none = (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("values")) {
                        throw new UnsupportedOperationException("no values");
                    }
                    return null;
                });
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Realtime.builder()
                        .backend(none)
                        .namespace("/", game -> game.on(BUY, (session, buy) -> bought(buy)))
                        .build())
                .withMessageStartingWith(
                        "idempotentBy of 'buy' must be used with a backend that has values, but is $Proxy");
    }

    @Test
    void aWindowHasItsRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ALWAYS.idempotentBy(Buy::id, Duration.ofMillis(999)))
                .withMessage("Idempotency.window must be between 1 s and 1 d, but is PT0.999S");
        assertThat(BUY.idempotency().orElseThrow()).hasToString("Idempotency[window PT2M]");
        assertThat(ALWAYS.idempotency()).isEmpty();
    }
}
