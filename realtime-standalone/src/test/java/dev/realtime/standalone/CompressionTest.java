package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.Frame;
import dev.realtime.transport.Compression;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompressionTest {
    private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits";

    private final FakeDoors doors = new FakeDoors();
    private StandaloneServer server;

    @BeforeEach
    void start() {
        doors.compression = Compression.DEFAULT.enabled(true);
        server = doors.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aLargeMessageGoesCompressedBothWaysAndSmallOnesAreLeftAlone() throws Exception {
        String large = "hello ".repeat(1_000);
        try (RawWebSocket client = RawWebSocket.open(server.port(), OFFER)) {
            for (int i = 0; i < 3; i++) {
                client.send(RawWebSocket.frame(0xc1, deflate(large.getBytes(StandardCharsets.UTF_8))));
                RawWebSocket.Received echo = client.read();
                assertThat(echo.first()).isEqualTo(0xc1);
                assertThat(echo.payload().length).isLessThan(200);
                assertThat(new String(inflate(echo.payload()), StandardCharsets.UTF_8))
                        .isEqualTo(large);
            }
            client.send(RawWebSocket.frame(0x81, "small".getBytes(StandardCharsets.UTF_8)));
            RawWebSocket.Received small = client.read();
            assertThat(small.first()).isEqualTo(0x81);
            assertThat(small.text()).isEqualTo("small");
        }
    }

    @Test
    void oneCompressedFrameServesManyRecipients() throws Exception {
        Frame shared = Frame.text("x".repeat(5_000).getBytes(StandardCharsets.UTF_8));
        try (RawWebSocket one = RawWebSocket.open(server.port(), OFFER);
                RawWebSocket plain = RawWebSocket.open(server.port());
                RawWebSocket two = RawWebSocket.open(server.port(), OFFER)) {
            for (int i = 0; i < 3; i++) {
                doors.peer().send(shared);
            }
            byte[] first = one.read().payload();
            assertThat(two.read().payload()).isEqualTo(first);
            assertThat(inflate(first)).isEqualTo(shared.bytes());
            assertThat(plain.read().payload()).isEqualTo(shared.bytes());
        }
    }

    @Test
    void aFragmentedCompressedMessageIsInflatedAsOne() throws Exception {
        byte[] data = deflate("fragmented ".repeat(100).getBytes(StandardCharsets.UTF_8));
        try (RawWebSocket client = RawWebSocket.open(server.port(), OFFER)) {
            client.send(RawWebSocket.frame(0x41, java.util.Arrays.copyOf(data, 5)));
            client.send(RawWebSocket.frame(0x80, java.util.Arrays.copyOfRange(data, 5, data.length)));
            assertThat(doors.peer().texts.poll(5, TimeUnit.SECONDS)).isEqualTo("fragmented ".repeat(100));
        }
    }

    @Test
    void aBombIsStoppedAtTheLimit() throws Exception {
        byte[] bomb = deflate(new byte[90_000_000]);
        assertThat(bomb.length).isLessThan(doors.maxPayload);
        try (RawWebSocket client = RawWebSocket.open(server.port(), OFFER)) {
            client.send(RawWebSocket.frame(0xc2, bomb));
            assertThat(client.closeCode()).isEqualTo(1009);
            FakeDoors.Peer peer = doors.peer();
            assertThat(peer.closeCode()).isEqualTo(1009);
            assertThat(peer.binaries).isEmpty();
        }
    }

    @Test
    void brokenCompressedDataEndsTheConnection() throws Exception {
        try (RawWebSocket client = RawWebSocket.open(server.port(), OFFER)) {
            client.send(RawWebSocket.frame(0xc1, new byte[] {(byte) 0xff, (byte) 0xff, 1, 2, 3}));
            assertThat(client.closeCode()).isEqualTo(1007);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "permessage-deflate, true",
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover, true",
        "permessage-deflate; server_max_window_bits=10, false",
        "'permessage-deflate; server_max_window_bits=10, permessage-deflate', true",
        "permessage-deflate; unknown, false",
        "x-webkit-deflate-frame, false",
        "';;;=,,=;', false"
    })
    void onlyWhatCanBeKeptIsAccepted(String offer, boolean accepted) throws Exception {
        try (RawWebSocket client = RawWebSocket.connect(server.port(), 0)) {
            String head = client.handshake("/socket.io/", "Sec-WebSocket-Extensions: " + offer);
            assertThat(head.contains("permessage-deflate; server_no_context_takeover; client_no_context_takeover"))
                    .as(head)
                    .isEqualTo(accepted);
        }
    }

    private static byte[] deflate(byte[] bytes) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(bytes);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] chunk = new byte[65_536];
        int n;
        do {
            n = deflater.deflate(chunk, 0, chunk.length, Deflater.SYNC_FLUSH);
            out.write(chunk, 0, n);
        } while (n == chunk.length);
        deflater.end();
        return java.util.Arrays.copyOf(out.toByteArray(), out.size() - 4);
    }

    private static byte[] inflate(byte[] bytes) throws Exception {
        Inflater inflater = new Inflater(true);
        byte[] input = java.util.Arrays.copyOf(bytes, bytes.length + 4);
        input[input.length - 1] = (byte) 0xff;
        input[input.length - 2] = (byte) 0xff;
        inflater.setInput(input);
        byte[] out = new byte[1_000_000];
        int n = inflater.inflate(out);
        inflater.end();
        return java.util.Arrays.copyOf(out, n);
    }
}
