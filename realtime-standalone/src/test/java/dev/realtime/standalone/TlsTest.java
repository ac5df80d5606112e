package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.spi.Frame;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
    @TempDir
    Path directory;

    @Test
    void webSocketAndHttpWorkOverTls() throws Exception {
        Path keystore = keystore();
        FakeDoors doors = new FakeDoors();
        doors.patience = java.time.Duration.ofSeconds(20);
        try (StandaloneServer server = StandaloneServer.start(
                doors.engine(),
                StandaloneOptions.DEFAULT.host("127.0.0.1").port(0).tls(new Tls(keystore, "secret")))) {
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

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path nowhere = directory.resolve("nowhere.p12");
        assertThatThrownBy(() -> StandaloneOptions.DEFAULT.tls(new Tls(nowhere, "secret")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tls: no such file: " + nowhere);
    }

    @Test
    void aFileOfAnotherFormatIsToldHowToBecomeAKeyStore() throws Exception {
        Path pem = directory.resolve("fullchain.pem");
        java.nio.file.Files.writeString(pem, "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
        assertThatThrownBy(() -> StandaloneOptions.DEFAULT.tls(new Tls(pem, "secret")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PKCS #12 or JKS")
                .hasMessageContaining("this is PEM")
                .hasMessageContaining("openssl pkcs12 -export")
                .hasMessageNotContaining("MIIB");
    }

    @Test
    void aSecondHandshakeOnAConnectionEndsItAndHoldsNobodyUp() throws Exception {
        Path keystore = keystore();
        FakeDoors doors = new FakeDoors();
        try (StandaloneServer server = StandaloneServer.start(
                        doors.engine(),
                        StandaloneOptions.DEFAULT
                                .host("127.0.0.1")
                                .port(0)
                                .selectors(1)
                                .tls(new Tls(keystore, "secret")));
                SSLSocket client =
                        (SSLSocket) trusting(keystore).getSocketFactory().createSocket("127.0.0.1", server.port());
                SSLSocket other =
                        (SSLSocket) trusting(keystore).getSocketFactory().createSocket("127.0.0.1", server.port())) {
            client.setEnabledProtocols(new String[] {"TLSv1.2"});
            client.setSoTimeout(10_000);
            assertThat(health(client)).startsWith("HTTP/1.1 200 ");
            assertThatThrownBy(() -> {
                        client.startHandshake();
                        health(client);
                    })
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SocketTimeoutException.class);
            other.setSoTimeout(5_000);
            assertThat(health(other)).startsWith("HTTP/1.1 200 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aConnectionThatEndsSaysSo(String version) throws Exception {
        Path keystore = keystore();
        FakeDoors doors = new FakeDoors();
        doors.patience = java.time.Duration.ofSeconds(20);
        String upload = "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n" + "x".repeat(400_000);
        try (StandaloneServer server = StandaloneServer.start(
                doors.engine(),
                StandaloneOptions.DEFAULT
                        .host("127.0.0.1")
                        .port(0)
                        .tls(new Tls(keystore, "secret"))
                        .handler("/upload", (request, body) -> FakeDoors.ok("uploaded")))) {
            for (String request : new String[] {
                "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", // all is read
                upload // too large, and refused while it still comes
            }) {
                Recording socket = new Recording();
                socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
                socket.setSoTimeout(10_000);
                try (SSLSocket client = (SSLSocket)
                        trusting(keystore).getSocketFactory().createSocket(socket, "localhost", server.port(), true)) {
                    client.setEnabledProtocols(new String[] {version});
                    client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                    String reply = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                    assertThat(reply).startsWith(request.equals(upload) ? "HTTP/1.1 413 " : "HTTP/1.1 200 ");
                    assertThat(socket.endsWithAlert(version)).isTrue();
                }
            }
        }
    }

    /** Remembers the TLS records that come in. */
    private static final class Recording extends Socket {
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] into, int at, int length) throws IOException {
                    int count = super.read(into, at, length);
                    if (count > 0) {
                        received.write(into, at, count);
                    }
                    return count;
                }
            };
        }

        /** Since TLS 1.3 encrypts what kind of record it is, there an alert is known by being shorter than anything else that is sent. */
        boolean endsWithAlert(String version) {
            ByteBuffer records = ByteBuffer.wrap(received.toByteArray());
            int kind = 0;
            int length = 0;
            while (records.remaining() >= 5) {
                kind = records.get();
                records.getShort();
                length = records.getShort();
                records.position(records.position() + length);
            }
            return version.equals("TLSv1.3") ? kind == 23 && length < 64 : kind == 21;
        }
    }

    private static String health(SSLSocket socket) throws IOException {
        socket.getOutputStream().write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        StringBuilder reply = new StringBuilder();
        while (reply.indexOf("UP") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new EOFException();
            }
            reply.append((char) next);
        }
        return reply.toString();
    }

    private Path keystore() throws Exception {
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
        return keystore;
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
