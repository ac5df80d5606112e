package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.contract.RunningServer;
import dev.realtime.testkit.contract.ServerVariant;
import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Manager;
import io.socket.client.Socket;
import io.socket.emitter.Emitter;
import io.socket.engineio.client.transports.Polling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.WebSocket;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The official Java client (Socket.IO 4 protocol, without connection state recovery) against the standalone server. */
final class JavaClientTest {
    private static final int PATIENCE_SECONDS = 15;
    private static final String WEBSOCKET = io.socket.engineio.client.transports.WebSocket.NAME;

    private static RunningServer server;

    private final OkHttpClient http =
            new OkHttpClient.Builder().readTimeout(1, TimeUnit.MINUTES).build();
    private final List<WebSocket> webSockets = new CopyOnWriteArrayList<>();
    private final List<Socket> clients = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        server = ReferenceServer.start(ServerVariant.RECOVERING);
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop().close();
    }

    /** OkHttp's threads would stay for a minute. */
    @AfterEach
    void closeClients() throws InterruptedException {
        for (Socket client : clients) {
            client.io().reconnection(false);
            client.disconnect();
        }
        http.dispatcher().cancelAll();
        http.dispatcher().executorService().shutdown();
        assertThat(http.dispatcher().executorService().awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isTrue();
        http.connectionPool().evictAll();
    }

    @ParameterizedTest
    @ValueSource(strings = {"polling", "websocket", "polling,websocket"})
    void eventsAcknowledgementsAndBinaryTravelBothWays(String transports) throws Exception {
        Socket client = connected("/", transports.split(","));
        BlockingQueue<Object[]> back = events(client, "message-back");

        client.emit("message", "h\u00e9llo \u20ac", new JSONObject().put("nested", new JSONArray(List.of(1, 2))));
        Object[] text = take(back);
        assertThat(text[0]).isEqualTo("h\u00e9llo \u20ac");
        assertThat(text[1]).hasToString("{\"nested\":[1,2]}");

        client.emit("message", new byte[] {1, 2, 3}, new JSONObject().put("deep", new byte[] {4, 5}));
        Object[] binary = take(back);
        assertThat((byte[]) binary[0]).containsExactly(1, 2, 3);
        assertThat((byte[]) ((JSONObject) binary[1]).get("deep")).containsExactly(4, 5);

        assertThat(ask(client, "message-with-ack", 42)[0]).isEqualTo(42);
        assertThat((byte[]) ask(client, "message-with-ack", new byte[] {9, 8})[0])
                .containsExactly(9, 8);
    }

    @Test
    void serverMayAskTheClient() throws Exception {
        Socket client = connected("/", WEBSOCKET);
        BlockingQueue<Object[]> answered = events(client, "answered");
        client.on("question", arguments -> ((Ack) arguments[arguments.length - 1]).call("fine"));

        client.emit("ask-me", "how are you");

        assertThat(take(answered)[0]).isEqualTo("fine");
    }

    @Test
    void burstArrivesInOrderAcrossTheUpgrade() throws Exception {
        Socket client = client("/", Polling.NAME, WEBSOCKET);
        BlockingQueue<Object[]> numbers = events(client, "numbered");
        connect(client);
        for (int i = 0; i < 20; i++) {
            client.emit("burst", i * 50, 50, 100);
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(take(numbers)[0]).isEqualTo(i);
        }
    }

    @Test
    void namespacesShareAConnection() throws Exception {
        Manager manager = new Manager(server.address(), options(WEBSOCKET));
        Socket main = manager.socket("/");
        Socket custom = manager.socket("/custom");
        clients.addAll(List.of(main, custom));
        connect(main);
        connect(custom);

        assertThat(webSockets).hasSize(1);
        assertThat(main.id()).isNotEqualTo(custom.id());
        assertThat(ask(custom, "message-with-ack", "custom")[0]).isEqualTo("custom");
        custom.disconnect();
        assertThat(ask(main, "message-with-ack", "main")[0]).isEqualTo("main");
    }

    @Test
    void refusalCarriesMessageAndData() throws Exception {
        Socket client = client("/restricted", WEBSOCKET);
        BlockingQueue<Object[]> errors = events(client, Socket.EVENT_CONNECT_ERROR);
        client.connect();

        JSONObject error = (JSONObject) take(errors)[0];
        assertThat(error.getString("message")).isEqualTo("not for you");
        assertThat(error.getJSONObject("data").getString("hint")).isEqualTo("ask for a token");
    }

    @Test
    void authPayloadReachesTheServer() throws Exception {
        IO.Options options = options(WEBSOCKET);
        options.auth = Map.of("token", "let-me-in");
        Socket client = new Manager(server.address(), options).socket("/restricted", options);
        clients.add(client);
        BlockingQueue<Object[]> auth = events(client, "auth");
        connect(client);

        assertThat(((JSONObject) take(auth)[0]).getString("token")).isEqualTo("let-me-in");
    }

    @Test
    void clientComesBackByItselfAfterACut() throws Exception {
        Socket client = connected("/", WEBSOCKET);
        BlockingQueue<Object[]> gone = events(client, Socket.EVENT_DISCONNECT);
        BlockingQueue<Object[]> back = events(client, Socket.EVENT_CONNECT);

        webSockets.get(0).cancel();

        assertThat(take(gone)[0]).isIn("transport error", "transport close");
        take(back);
        assertThat(ask(client, "message-with-ack", "again")[0]).isEqualTo("again");
    }

    @Test
    void clientThatWasSentAwayStaysAway() throws Exception {
        Socket client = connected("/", WEBSOCKET);
        BlockingQueue<Object[]> gone = events(client, Socket.EVENT_DISCONNECT);

        client.emit("end-connection");

        assertThat(take(gone)[0]).isEqualTo("io server disconnect");
        assertThat(client.connected()).isFalse();
    }

    private Socket connected(String namespace, String... transports) throws InterruptedException {
        Socket client = client(namespace, transports);
        connect(client);
        return client;
    }

    private Socket client(String namespace, String... transports) {
        Socket client = new Manager(server.address(), options(transports)).socket(namespace);
        clients.add(client);
        return client;
    }

    private static void connect(Socket client) throws InterruptedException {
        BlockingQueue<Object[]> connected = events(client, Socket.EVENT_CONNECT);
        client.connect();
        take(connected);
    }

    private IO.Options options(String... transports) {
        IO.Options options = new IO.Options();
        options.transports = transports;
        options.reconnectionDelay = 20;
        options.reconnectionDelayMax = 50;
        options.callFactory = http;
        options.webSocketFactory = (request, listener) -> {
            WebSocket webSocket = http.newWebSocket(request, listener);
            webSockets.add(webSocket);
            return webSocket;
        };
        return options;
    }

    private static BlockingQueue<Object[]> events(Socket client, String event) {
        BlockingQueue<Object[]> queue = new LinkedBlockingQueue<>();
        Emitter.Listener listener = queue::add;
        client.on(event, listener);
        return queue;
    }

    private static Object[] ask(Socket client, String event, Object argument) throws InterruptedException {
        BlockingQueue<Object[]> answer = new LinkedBlockingQueue<>();
        client.emit(event, new Object[] {argument}, answer::add);
        return take(answer);
    }

    private static Object[] take(BlockingQueue<Object[]> queue) throws InterruptedException {
        Object[] arguments = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(arguments).as("nothing came within %s s", PATIENCE_SECONDS).isNotNull();
        return arguments;
    }
}
