package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.Frame;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    @TempDir
    Path directory;

    @Test
    void webSocketAndHttpWorkOverTls() throws Exception {
        Path keystore = directory.resolve("test.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "t",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keystore.toString(),
                        "-storepass",
                        "secret")
                .redirectErrorStream(true)
                .start();
        keytool.getInputStream().readAllBytes();
        assertThat(keytool.waitFor()).isZero();
        FakeDoors doors = new FakeDoors();
        doors.patience = java.time.Duration.ofSeconds(20);
        try (StandaloneServer server = StandaloneServer.builder(doors.engine())
                .host("127.0.0.1")
                .port(0)
                .tls(new Tls(keystore, "secret"))
                .start()) {
            HttpClient http =
                    HttpClient.newBuilder().sslContext(trusting(keystore)).build();
            HttpResponse<String> health = http.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/health"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(health.body()).contains("UP");
            Collector collector = new Collector();
            WebSocket client = http.newWebSocketBuilder()
                    .buildAsync(URI.create("wss://localhost:" + server.port() + "/socket.io/"), collector)
                    .get(10, TimeUnit.SECONDS);
            FakeDoors.Peer peer = doors.peer();
            assertThat(doors.upgrades.take().secure()).isTrue();
            for (int i = 0; i < 50; i++) {
                client.sendText("t" + i, true).get(5, TimeUnit.SECONDS);
                assertThat(collector.received.poll(5, TimeUnit.SECONDS)).isEqualTo("t" + i);
            }
            peer.send(Frame.binary(new byte[3_000_000]), Frame.text("end".getBytes()));
            assertThat(collector.received.poll(10, TimeUnit.SECONDS)).isEqualTo("3000000 bytes");
            assertThat(collector.received.poll(5, TimeUnit.SECONDS)).isEqualTo("end");
            peer.connection.close(1001, "bye");
            assertThat(collector.received.poll(5, TimeUnit.SECONDS)).isEqualTo("closed 1001 bye");
            assertThat(peer.closeCode()).isEqualTo(1001);
        }
    }

    private static SSLContext trusting(Path keystore) throws Exception {
        KeyStore store = KeyStore.getInstance(keystore.toFile(), "secret".toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("t", store.getCertificate("t"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static final class Collector implements WebSocket.Listener {
        final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        private int bytes;

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            received.add(data.toString());
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            bytes += data.remaining();
            if (last) {
                received.add(bytes + " bytes");
            }
            socket.request(1);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            received.add("error " + error);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            received.add("closed " + code + " " + reason);
            return null;
        }
    }
}
