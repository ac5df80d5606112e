package dev.realtime.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.ConnectionListener;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a connection that is over leaves behind, which takes a container too long to show. */
class SocketConnectionTest {
    private static final CloseReason OVER = new CloseReason(CloseCodes.NORMAL_CLOSURE, "");

    private final Closers closers = new Closers();
    private final Map<String, Object> properties = new HashMap<>();

    @AfterEach
    void stop() {
        closers.stop();
    }

    private SocketConnection connection() {
        SocketConnection connection =
                new SocketConnection(fake(Session.class), closers, Duration.ofMinutes(1), new ClientLog(), "10.0.0.1");
        connection.open(opened -> fake(ConnectionListener.class));
        return connection;
    }

    private <T> T fake(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getUserProperties" -> properties;
                    case "getAsyncRemote" -> fake(RemoteEndpoint.Async.class);
                    case "maxMessage" -> 1_000;
                    case "isFull" -> false;
                    default -> null;
                }));
    }

    @Test
    void nothingWaitsForOneThatIsOver() {
        SocketConnection failed = connection();
        failed.terminateLater();
        assertThat(closers.waiting()).isEqualTo(1);
        failed.closed(OVER);
        assertThat(closers.waiting()).isZero();
        failed.terminateLater();
        assertThat(closers.waiting()).as("when it was over before").isZero();
    }
}
