package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.JOIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Room;
import dev.realtime.spi.Backend;
import dev.realtime.spi.SessionStore;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A record whose write is refused, although the session stays here: the client is not told of the change, and does not wait for that for ever. */
class RefusedWriteTest {
    private int refusals; // of the next writes
    private boolean silent; // the store does not say whose a session is

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(Game::open).backend(this::refusing);

    private Backend refusing(Backend backend) {
        SessionStore sessions = backend.sessions();
        SessionStore refusing = around(SessionStore.class, (method, arguments) -> {
            if (method.getName().equals("save") && refusals-- > 0) {
                return CompletableFuture.failedFuture(new SessionStore.FencedException(7));
            }
            if (method.getName().equals("find") && silent) {
                return CompletableFuture.failedFuture(new IllegalStateException("no answer"));
            }
            return method.invoke(sessions, arguments);
        });
        return around(
                Backend.class,
                (method, arguments) ->
                        method.getName().equals("sessions") ? refusing : method.invoke(backend, arguments));
    }

    private interface Call {
        Object invoke(Method method, Object[] arguments) throws ReflectiveOperationException;
    }

    private static <T> T around(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return call.invoke(method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    @Test
    void isWrittenAgainIfTheSessionIsStillThisNodes() {
        TestClient ann = realtime.connect("/", "ann");
        refusals = 2;
        assertThat(ann.request(JOIN, new Room("tavern"))).isEqualTo(new Number(1));
        assertThat(ann.isConnected()).isTrue();
    }

    @Test
    void theClientComesBackAndAsksAgainIfTheStoreDoesNotSayWhoseTheSessionIs() {
        TestClient ann = realtime.connect("/", "ann");
        refusals = 1;
        silent = true;
        TestReply<Number> joining = ann.ask(JOIN, new Room("tavern"));
        realtime.advance(Duration.ofSeconds(1));
        assertThat(joining.isAnswered()).isFalse();
        assertThat(ann.isConnected()).isFalse();
        silent = false;
        askAgain(ann);
    }

    @Test
    void theClientComesBackAndAsksAgainIfTheStoreGoesOnRefusing() {
        TestClient ann = realtime.connect("/", "ann");
        refusals = 1_000;
        TestReply<Number> joining = ann.ask(JOIN, new Room("tavern"));
        realtime.advance(Duration.ofSeconds(1));
        assertThat(joining.isAnswered()).isFalse();
        assertThat(ann.isConnected()).isFalse();
        refusals = 0;
        askAgain(ann);
    }

    private static void askAgain(TestClient client) {
        client.reconnect();
        assertThat(client.recovered()).isTrue();
        assertThat(client.request(JOIN, new Room("tavern"))).isEqualTo(new Number(1));
    }
}
