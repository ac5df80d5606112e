package dev.realtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime.redis.OutageTest.Node;
import dev.realtime.redis.server.RedisServer;
import dev.realtime.spi.Claimant;
import dev.realtime.spi.Home;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore;
import dev.realtime.spi.SessionStore.Claim;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** The ways to a real Redis, and what is said when there is none. */
class ConnectTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Claimant ANYBODY = new Claimant("/game", null);
    private final List<AutoCloseable> open = new ArrayList<>();

    private <T extends AutoCloseable> T closing(T resource) {
        open.add(resource);
        return resource;
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private void worksWith(RedisOptions options) throws Exception {
        Node node = new Node(options, "node");
        closing(node.backend);
        node.emit("hello").get(20, TimeUnit.SECONDS);
        await().atMost(PATIENCE).until(() -> node.texts().equals(List.of("hello")));
        assertThat(node.backend
                        .leases()
                        .renew("node", PATIENCE)
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS))
                .isFalse();
        assertThat(node.backend
                        .sessions()
                        .homedAt("node", 1)
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS))
                .isEmpty();
    }

    @Test
    void aClusterServesItsStreamsAndKeysWhereverTheyAre() throws Exception {
        List<RedisServer> servers = RedisServer.cluster(3);
        servers.forEach(this::closing);
        RedisOptions options = OutageTest.options(
                        "redis-cluster://127.0.0.1:" + servers.get(1).port())
                .streamName("game")
                .streamCount(4);
        worksWith(options);
        RedisBackend backend = closing(RedisBackend.connect(options));
        SessionStore store = backend.sessions();
        for (int i = 0; i < 16; i++) {
            var lease = store.find("p" + i).toCompletableFuture();
            assertThat(lease.get(20, TimeUnit.SECONDS)).isEmpty();
            SessionRecord session = SessionRecord.of("p" + i, "s" + i, "/game", Home.first("one"));
            store.save(session, PATIENCE.multipliedBy(2)).toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(store.claim("p" + i, "two", ANYBODY)
                            .toCompletableFuture()
                            .get(20, TimeUnit.SECONDS))
                    .isInstanceOf(Claim.Granted.class);
        }
        await().atMost(PATIENCE).until(() -> isHomeTo(store, "one") == 0 && isHomeTo(store, "two") == 16);
    }

    private static int isHomeTo(SessionStore store, String node) throws Exception {
        return store.homedAt(node, 100)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS)
                .size();
    }

    @Test
    void aClusterBehindOneAddressKeepsSessions() throws Exception {
        RedisServer server = closing(RedisServer.cluster(1).get(0));
        RedisBackend backend = closing(RedisBackend.connect(OutageTest.options(server.url())));
        SessionStore store = backend.sessions();
        List<CompletionStage<Void>> saves = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            SessionRecord session = SessionRecord.of("p" + i, "s" + i, "/game", new Home("one", 0, 0));
            saves.add(store.save(session, Duration.ofMinutes(2)));
        }
        for (CompletionStage<Void> save : saves) {
            save.toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
        assertThat(store.claim("p3", "two", ANYBODY).toCompletableFuture().get(20, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(Claim.Granted.class, claim -> {
                    assertThat(claim.session().home()).isEqualTo(new Home("two", 1, 1));
                    assertThat(claim.formerHome()).isEqualTo(Home.first("one"));
                });
        assertThat(store.homedAt("two", 16).toCompletableFuture().get(20, TimeUnit.SECONDS))
                .extracting(SessionRecord::privateId)
                .containsExactly("p3");
        assertThat(store.homedAt("one", 16).toCompletableFuture().get(20, TimeUnit.SECONDS))
                .hasSize(15);
    }

    @Test
    void aUserOfTheDocumentedAclMayDoAllThatIsNeeded() throws Exception {
        RedisServer server = closing(RedisServer.start());
        try (Jedis jedis = server.jedis()) {
            jedis.aclSetUser(
                    "game",
                    "on",
                    ">s@cret/1",
                    "~socket.io*",
                    "~sio:session:*",
                    "~realtime:*",
                    "&socket.io*",
                    "+@read",
                    "+@write",
                    "+@stream",
                    "+@scripting",
                    "+@pubsub",
                    "+@connection",
                    "+info",
                    "+client|kill",
                    "+config|get",
                    "+cluster|slots",
                    "+time");
        }
        worksWith(OutageTest.options("redis://game:s%40cret%2F1@127.0.0.1:" + server.port() + "/0"));
    }

    @Test
    void aWrongPasswordIsSaidWithoutRepeatingIt() {
        RedisServer server = closing(RedisServer.start("--requirepass", "right"));
        assertThatThrownBy(() -> RedisBackend.connect("redis://:wr0ngsecret@127.0.0.1:" + server.port()))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("does not let this user in")
                .hasMessageContaining("127.0.0.1:" + server.port())
                .satisfies(failure -> {
                    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                        assertThat(String.valueOf(cause.getMessage())).doesNotContain("wr0ngsecret");
                    }
                });
    }

    @Test
    void tlsChecksTheServersName(@TempDir Path directory) throws Exception {
        Path key = directory.resolve("key.pem");
        Path certificate = directory.resolve("certificate.pem");
        int status = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=test",
                        "-addext",
                        "subjectAltName=IP:127.0.0.1",
                        "-keyout",
                        key.toString(),
                        "-out",
                        certificate.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("openssl.log").toFile())
                .start()
                .waitFor();
        assertThat(status)
                .as(Files.readString(directory.resolve("openssl.log")))
                .isZero();
        int port = RedisServer.freePort();
        closing(RedisServer.start(
                "--tls-port", Integer.toString(port),
                "--tls-cert-file", certificate.toString(),
                "--tls-key-file", key.toString(),
                "--tls-ca-cert-file", certificate.toString(),
                "--tls-auth-clients", "no"));
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            trusted.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);

        worksWith(OutageTest.options("rediss://127.0.0.1:" + port).tls(context));
        assertThatThrownBy(() -> RedisBackend.connect(
                        OutageTest.options("rediss://localhost:" + port).tls(context)))
                .isInstanceOf(BackendUnavailableException.class);
    }

    @Test
    void aReplicaIsRefused() {
        RedisServer master = closing(RedisServer.start());
        RedisServer replica = closing(RedisServer.replicaOf(master));
        assertThatThrownBy(() -> RedisBackend.connect(replica.url()))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("name the master");
    }

    @Test
    void whereNobodyListensTheMessageSaysWhatToCheck() {
        assertThatThrownBy(() -> RedisBackend.connect("redis://127.0.0.1:" + RedisServer.freePort()))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("check that it runs");
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost, unknown scheme",
        "localhost:6379, no scheme",
        "redis://, no host",
        "redis://:hidden@host:99999, port",
        "redis://user@host, no password",
        "redis://:hidden@host/notanumber, database",
        "redis://:hidden@a:1;b:2, something that is none",
        "redis-sentinel://:hidden@a:1, name the master",
        "redis-cluster://:hidden@a:1/3, has only 0",
        "redis://:hid?den@host, %3F",
        "redis://:hidden%zz@host, hexadecimal",
    })
    void aUrlThatIsNotRightIsExplainedWithoutItsSecret(String url, String explanation) {
        assertThatThrownBy(() -> RedisOptions.of(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(explanation)
                .extracting(Throwable::getMessage)
                .asString()
                .doesNotContain("hidden")
                .doesNotContain("hid?den");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://user:hidden@host:1/2",
                "rediss://:hidden@[::1]:1",
                "redis-sentinel://:hidden@a,b:2/main/1",
                "redis-cluster://:hidden@a:1,b:2"
            })
    void optionsDoNotTellTheirSecret(String url) {
        assertThat(RedisOptions.of(url).toString()).doesNotContain("hidden").contains("redis");
    }
}
