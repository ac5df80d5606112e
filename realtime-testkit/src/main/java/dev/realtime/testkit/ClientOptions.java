package dev.realtime.testkit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** How a test's client presents itself. Mutable until {@link #connect}. Made by {@link TestRealtime#client()} or
 * {@link TestCluster#client(int)}. */
public final class ClientOptions {
    private final Entrance entrance;
    private final Map<String, Object> auth = new LinkedHashMap<>();
    private UnaryOperator<TestRequest> request = plain -> plain;
    private boolean polling;
    private boolean upgrade;
    private boolean roaming;

    ClientOptions(Entrance entrance) {
        this.entrance = entrance;
    }

    /** Connects as this user, with these permissions, as far as the engine asks {@link TestUsers}. */
    public ClientOptions user(String name, String... permissions) {
        auth.put("user", name);
        if (permissions.length > 0) {
            auth.put("permissions", permissions);
        }
        return this;
    }

    /** Adds a value to the {@code auth} payload. */
    public ClientOptions auth(String name, Object value) {
        auth.put(name, value);
        return this;
    }

    /** Adds a header to every request. */
    public ClientOptions header(String name, String value) {
        return request(plain -> plain.header(name, value));
    }

    /** Adds a query parameter to every request. */
    public ClientOptions query(String name, String value) {
        return request(plain -> plain.query(name, value));
    }

    /** The client's address; {@code 127.0.0.1} unless set. */
    public ClientOptions from(String address) {
        return request(plain -> plain.from(address));
    }

    /** Uses HTTP long-polling; it stays so until {@link TestClient#upgrade()}. */
    public ClientOptions polling(boolean on) {
        polling = on;
        return this;
    }

    /** Uses HTTP long-polling over a balancer that keeps no client on a node: each request goes to the next node of the cluster. */
    public ClientOptions roaming() {
        polling = true;
        roaming = true;
        return this;
    }

    /** Begins with polling and upgrades at once, as browsers do. */
    public ClientOptions upgrading() {
        polling = true;
        upgrade = true;
        return this;
    }

    /**
     * Connects to a namespace, or tries to: see {@link TestClient#isConnected()} and {@link TestClient#connectError()}.
     *
     * @throws InMemoryTransport.Unreachable when the node is dead or frozen
     */
    public TestClient connect(String namespace) {
        return connect(namespace, new ClientWatcher() {});
    }

    /** As {@link #connect(String)}, and a watcher sees what happens from the first moment on. */
    public TestClient connect(String namespace, ClientWatcher watcher) {
        TestClient client = new TestClient(new ClientManager(entrance, this), namespace, auth);
        client.watch(watcher);
        entrance.entered(client);
        client.connect();
        return client;
    }

    TestRequest request(String path) {
        return request.apply(TestRequest.of("GET", path));
    }

    boolean polling() {
        return polling;
    }

    boolean isRoaming() {
        return roaming;
    }

    boolean upgrade() {
        return upgrade;
    }

    private ClientOptions request(UnaryOperator<TestRequest> change) {
        UnaryOperator<TestRequest> before = request;
        request = plain -> change.apply(before.apply(plain));
        return this;
    }
}
