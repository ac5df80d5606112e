package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.DisconnectReason;
import dev.realtime.Principal;
import dev.realtime.limits.Limits;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients of one address whose handlers and authenticators block use up the share of that address, and others pass them by. */
class SharedHandlersTest {
    private static final String ATTACKER = "198.51.100.1";
    private static final int SHARE = 64;

    /** Threads for code of the application, which stand still while the test says so. */
    private static final class Threads implements Executor {
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        boolean runAll() {
            boolean any = !tasks.isEmpty();
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
            return any;
        }

        /** What has been begun so far blocks, until it is given back with {@link #goOn}. */
        List<Runnable> block() {
            List<Runnable> blocked = List.copyOf(tasks);
            tasks.clear();
            return blocked;
        }

        void goOn(List<Runnable> blocked) {
            tasks.addAll(blocked);
        }
    }

    private final Threads threads = new Threads();
    private final List<String> authenticated = new ArrayList<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Game.open()
                    .limits(Limits.DEFAULT.maxConnectsPerIp(400).handshakesPerSecondPerIp(10_000))
                    .authenticator(handshake -> {
                        authenticated.add(handshake.remoteAddress());
                        return Optional.of(Principal.of("user" + authenticated.size()));
                    }))
            .keepAuthenticator()
            .handlers(threads);

    @AfterEach
    void everythingComesToAnEnd() {
        work();
        realtime.transport().connections().forEach(InMemoryConnection::reset);
        work();
        realtime.advance(Duration.ofMinutes(5));
        work();
        assertThat(realtime.realtime().doors().inbound().used()).isZero();
        assertThat(gauge("handlers.addresses")).isZero();
    }

    private void work() {
        do {
            realtime.settle();
        } while (threads.runAll());
    }

    private long count(String name) {
        return realtime.realtime().stats().counters().get(name);
    }

    private long gauge(String name) {
        return realtime.realtime().stats().gauges().get(name);
    }

    private InMemoryConnection open(String address) {
        InMemoryConnection socket = realtime.transport()
                .open(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .from(address)
                        .view());
        socket.send("40");
        realtime.settle();
        return socket;
    }

    private static boolean isConnected(InMemoryConnection socket) {
        return socket.texts().stream().anyMatch(text -> text.startsWith("40{"));
    }

    /** Not refused: the official client would take that for final. */
    private static boolean isAskedToComeAgain(InMemoryConnection socket) {
        return socket.closeCode() == 1013
                && socket.closeReason().equals(DisconnectReason.CONNECT_POSTPONED.code())
                && socket.texts().stream().noneMatch(text -> text.startsWith("44"));
    }

    @Test
    void threeHundredSlowAuthenticatorsOfOneAddressLetOthersIn() {
        List<InMemoryConnection> many = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            many.add(open(ATTACKER));
        }
        List<Runnable> blocked = threads.block();
        assertThat(blocked).as("begun at once").hasSize(SHARE);
        InMemoryConnection honest = open("203.0.113.1");
        work();
        assertThat(isConnected(honest)).isTrue();
        honest.send("420[\"echo\",{\"text\":\"a\"}]");
        work();
        assertThat(honest.texts()).contains("430[{\"text\":\"a\"}]");
        assertThat(count("handlers.queued")).isEqualTo(300 - SHARE);
        threads.goOn(blocked);
        work();
        assertThat(many).allMatch(SharedHandlersTest::isConnected);
    }

    @Test
    void aConnectThatHasWaitedTooLongIsAskedToComeAgainAndAsksNobody() {
        List<InMemoryConnection> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(open(ATTACKER));
        }
        List<Runnable> blocked = threads.block();
        realtime.advance(Duration.ofSeconds(16));
        assertThat(many.subList(SHARE, 100)).allMatch(SharedHandlersTest::isAskedToComeAgain);
        assertThat(count("connects.postponed")).isEqualTo(100 - SHARE);
        threads.goOn(blocked);
        work();
        assertThat(authenticated).hasSizeLessThanOrEqualTo(SHARE);
        assertThat(many.subList(SHARE, 100)).noneMatch(SharedHandlersTest::isConnected);
    }

    @Test
    void whoHangsUpMeanwhileIsNotAuthenticated() {
        for (int i = 0; i < 200; i++) {
            open(ATTACKER);
        }
        List<Runnable> blocked = threads.block();
        realtime.transport().connections().forEach(InMemoryConnection::reset);
        realtime.settle();
        threads.goOn(blocked);
        work();
        assertThat(authenticated).hasSizeLessThanOrEqualTo(SHARE);
    }

    @Test
    void moreConnectsThanAnAddressMayHaveAreAskedToComeAgain() {
        List<InMemoryConnection> many = new ArrayList<>();
        for (int i = 0; i < 450; i++) {
            many.add(open(ATTACKER));
        }
        assertThat(count("connects.refused")).isEqualTo(50);
        assertThat(many.subList(400, 450)).allMatch(SharedHandlersTest::isAskedToComeAgain);
        InMemoryConnection honest = open("203.0.113.1");
        work();
        assertThat(isConnected(honest)).isTrue();
    }

    @Test
    void handlersThatBlockHoldUpTheirAddressAlone() {
        List<InMemoryConnection> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(open(ATTACKER));
            work();
        }
        InMemoryConnection honest = open("203.0.113.1");
        work();
        many.forEach(socket -> socket.send("420[\"echo\",{\"text\":\"slow\"}]"));
        realtime.settle();
        List<Runnable> blocked = threads.block();
        assertThat(blocked).hasSize(SHARE);
        honest.send("420[\"echo\",{\"text\":\"a\"}]");
        work();
        assertThat(honest.texts()).contains("430[{\"text\":\"a\"}]");
        realtime.await(realtime.namespace("/").emit(Game.PING));
        realtime.settle();
        assertThat(many)
                .allMatch(socket ->
                        socket.texts().stream().anyMatch(text -> text.startsWith("42[\"" + Game.PING.name())));
        threads.goOn(blocked);
        work();
        assertThat(many).allMatch(socket -> socket.texts().contains("430[{\"text\":\"slow\"}]"));
    }
}
