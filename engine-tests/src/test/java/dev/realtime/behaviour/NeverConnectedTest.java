package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.ConnectRefusedException;
import dev.realtime.ErrorCode;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.limits.Limits;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A connection without a session ends, even if its client has something judged at the very moment. */
class NeverConnectedTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration JUDGING = Duration.ofSeconds(5);

    /** Keeps what it is given until the test lets it go. */
    private static final class Threads implements Executor {
        private final Queue<Runnable> held = new ArrayDeque<>();

        @Override
        public void execute(Runnable task) {
            held.add(task);
        }

        void letGo() {
            while (!held.isEmpty()) {
                held.remove().run();
            }
        }
    }

    private final Threads threads = new Threads();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
                    .limits(Limits.DEFAULT.connectTimeout(DEADLINE).authenticationTimeout(JUDGING))
                    .authenticator(handshake -> {
                        if (handshake.auth("token").isEmpty()) {
                            throw new ConnectRefusedException(ErrorCode.UNAUTHORIZED);
                        }
                        return Optional.of(Principal.of("ann"));
                    })
                    .namespace("/", root -> root.on(ECHO, (session, text) -> text)))
            .keepAuthenticator()
            .handlers(threads);

    private InMemoryConnection socket;

    @BeforeEach
    void aConnectIsJudgedAtTheDeadline() {
        socket = realtime.transport()
                .open(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .view());
        realtime.advance(DEADLINE.minusSeconds(1));
    }

    private void send(String packet) {
        socket.send(packet);
        realtime.settle();
    }

    private void judge() {
        threads.letGo();
        realtime.settle();
    }

    @Test
    void whoIsRefusedThenEndsAllTheSame() {
        send("40");
        realtime.advance(Duration.ofSeconds(2));
        judge();
        assertThat(socket.texts()).anyMatch(text -> text.startsWith("44"));
        assertThat(socket.hasEnded()).isFalse();
        realtime.advance(JUDGING);
        assertThat(socket.hasEnded()).isTrue();
    }

    @Test
    void whoAlwaysHasAnotherConnectJudgedEndsToo() {
        send("40");
        realtime.advance(Duration.ofSeconds(2));
        judge();
        realtime.advance(JUDGING.minusSeconds(2));
        send("40");
        realtime.advance(Duration.ofSeconds(2));
        assertThat(socket.hasEnded()).isTrue();
        judge();
    }

    @Test
    void whoGetsASessionThenStays() {
        send("40{\"token\":\"a\"}");
        realtime.advance(Duration.ofSeconds(2));
        judge();
        assertThat(socket.texts()).anyMatch(text -> text.startsWith("40{"));
        realtime.advance(JUDGING);
        assertThat(socket.hasEnded()).isFalse();
    }
}
