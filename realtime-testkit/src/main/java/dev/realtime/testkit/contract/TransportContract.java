package dev.realtime.testkit.contract;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

/**
 * What a server has to do on the wire: Engine.IO protocol 4 and Socket.IO protocol 5 over real sockets, and what this library adds for
 * hostile clients. Written from the published protocols; inherit it and start {@link ReferenceApp} in a server:
 *
 * <pre>{@code
 * class MyServerProtocolTest extends TransportContract {
 *     @Override
 *     protected RunningServer start(ServerVariant variant) {
 *         MyServer server = MyServer.start(ReferenceApp.build(variant));
 *         return new RunningServer(server.address(), server);
 *     }
 * }
 * }</pre>
 *
 * <p>Tests tagged {@value #STRICTER} hold what the protocols leave open, or demand, and where the reference implementation
 * (socket.io 4.8.4 on Node.js) does something else; without them that implementation passes. That implementation
 *
 * <ul>
 *   <li>completes an upgrade with a wrong protocol version before it refuses it, and refuses others with a page instead of JSON;
 *   <li>judges the origin of a handshake only, and refuses a WebSocket with 400 where polling gets 403;
 *   <li>answers a payload that it cannot read with 200 before it closes, and takes any number of packets in one;
 *   <li>ignores the close packet on a WebSocket, an event without a payload, and acknowledgement ids that are no exact numbers;
 *   <li>lets a second WebSocket take over a session that is on a WebSocket already;
 *   <li>may close a connection that leaves a namespace and joins it again at once;
 *   <li>sets no limit to namespaces, CONNECTs, nesting, numbers, or what waits for a client that does not read.
 * </ul>
 *
 * <p>Each server is started with the first test that needs it and stopped with the last test of the class. Tests share servers, not
 * connections, so they may run in parallel.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class TransportContract {
    /** The tag of tests that the reference implementation does not pass. */
    public static final String STRICTER = "stricter";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<ServerVariant, RunningServer> running = new EnumMap<>(ServerVariant.class);

    /** Starts a server on a free port; called once per variant. */
    protected abstract RunningServer start(ServerVariant variant) throws Exception;

    private synchronized URI server(ServerVariant variant) {
        return running.computeIfAbsent(variant, missing -> {
                    try {
                        return start(missing);
                    } catch (Exception failed) {
                        throw new IllegalStateException("the server did not start", failed);
                    }
                })
                .address();
    }

    @AfterAll
    synchronized void stopServers() throws Exception {
        for (RunningServer server : running.values()) {
            server.stop().close();
        }
        running.clear();
    }

    /** What the groups of rules below have at hand. */
    abstract static class Rules {
        abstract TransportContract contract();

        final URI server(ServerVariant variant) {
            return contract().server(variant);
        }

        final HttpClient http() {
            return contract().http;
        }

        final PollingClient.Reply request(
                ServerVariant variant, String method, String query, String body, String... headers) {
            return PollingClient.request(http(), server(variant), method, query, body, headers);
        }

        final PollingClient polling(ServerVariant variant) {
            return PollingClient.open(http(), server(variant));
        }

        final RawWebSocket webSocket(ServerVariant variant) {
            return RawWebSocket.open(server(variant), SocketClient.WEBSOCKET);
        }

        final SocketClient client(ServerVariant variant) {
            return SocketClient.connect(server(variant));
        }
    }

    @Nested
    class Handshake extends HandshakeRules {
        @Override
        TransportContract contract() {
            return TransportContract.this;
        }
    }

    @Nested
    class Heartbeat extends HeartbeatRules {
        @Override
        TransportContract contract() {
            return TransportContract.this;
        }
    }

    @Nested
    class Polling extends PollingRules {
        @Override
        TransportContract contract() {
            return TransportContract.this;
        }
    }

    @Nested
    class HostileReplays extends HostileReplayRules {
        @Override
        TransportContract contract() {
            return TransportContract.this;
        }
    }

    @Nested
    class Frames extends FrameRules {
        @Override
        TransportContract contract() {
            return TransportContract.this;
        }
    }

    @Nested
    class Upgrade extends UpgradeRules {
        @Override
        TransportContract contract() {
            return TransportContract.this;
        }
    }

    @Nested
    class Origin extends OriginRules {
        @Override
        TransportContract contract() {
            return TransportContract.this;
        }
    }

    @Nested
    class AllowRequest extends AllowRequestRules {
        @Override
        TransportContract contract() {
            return TransportContract.this;
        }
    }

    @Nested
    class Client extends ClientBundleRules {
        @Override
        TransportContract contract() {
            return TransportContract.this;
        }
    }

    @Nested
    class Namespaces extends NamespaceRules {
        @Override
        TransportContract contract() {
            return TransportContract.this;
        }
    }

    @Nested
    class Events extends EventRules {
        @Override
        TransportContract contract() {
            return TransportContract.this;
        }
    }

    @Nested
    class WireForms extends WireFormRules {
        @Override
        TransportContract contract() {
            return TransportContract.this;
        }
    }

    @Nested
    class HostilePackets extends HostilePacketRules {
        @Override
        TransportContract contract() {
            return TransportContract.this;
        }
    }

    @Nested
    class HostileSockets extends HostileSocketRules {
        @Override
        TransportContract contract() {
            return TransportContract.this;
        }
    }

    @Nested
    class HostileConnects extends HostileConnectRules {
        @Override
        TransportContract contract() {
            return TransportContract.this;
        }
    }

    @Nested
    class HostileBudgets extends HostileBudgetRules {
        @Override
        TransportContract contract() {
            return TransportContract.this;
        }
    }
}
