package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.ServerVariant.GUARDED;
import static dev.realtime.testkit.contract.ServerVariant.GUARDED_PAYLOAD;
import static dev.realtime.testkit.contract.ServerVariant.OPEN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bytes that no proper client sends, and clients that stop in the middle: they are let go, and a bystander notices nothing. */
abstract class HostileSocketRules extends TransportContract.Rules {
    private @Nullable SocketClient bystander;

    @BeforeEach
    void bystanderConnects() {
        bystander = client(GUARDED);
    }

    @AfterEach
    void bystanderNoticedNothing() {
        try (SocketClient client = bystander()) {
            client.echoes("undisturbed");
        }
    }

    private SocketClient bystander() {
        return Objects.requireNonNull(bystander);
    }

    @Test
    void oversizedMessageIsRefused() {
        try (SocketClient client = client(GUARDED)) {
            client.socket().trySend(RawWebSocket.FIN | RawWebSocket.TEXT, event(GUARDED_PAYLOAD));
            assertThat(client.socket().closed()).isIn(1009, RawWebSocket.NO_CLOSE_FRAME);
        }
    }

    @Test
    void oversizedBinaryMessageIsRefused() {
        try (SocketClient client = client(GUARDED)) {
            client.socket().send("451-[\"message\",{\"_placeholder\":true,\"num\":0}]");
            client.socket().trySend(RawWebSocket.FIN | RawWebSocket.BINARY, new byte[GUARDED_PAYLOAD + 1]);
            assertThat(client.socket().closed()).isIn(1009, RawWebSocket.NO_CLOSE_FRAME);
        }
    }

    @Test
    void hugeAnnouncedFrameIsRefusedBeforeItComes() {
        try (SocketClient client = client(GUARDED)) {
            client.socket().write(new byte[] {(byte) 0x81, (byte) 0xff, 0, 0, 0, 0x10, 0, 0, 0, 0, 1, 2, 3, 4});
            client.socket().tryWrite(new byte[GUARDED_PAYLOAD * 2]);
            client.socket().closed();
        }
    }

    @Test
    void messageOfTooLargeFragmentsIsRefused() {
        try (SocketClient client = client(GUARDED)) {
            client.socket().trySend(RawWebSocket.TEXT, event(GUARDED_PAYLOAD / 2));
            client.socket().trySend(RawWebSocket.CONTINUATION, new byte[GUARDED_PAYLOAD]);
            client.socket().closed();
        }
    }

    @Test
    void messageOfManyTinyFragmentsArrives() {
        try (SocketClient client = client(GUARDED)) {
            byte[] event = event(5_000);
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            for (int i = 0; i < event.length; i++) {
                int first = (i == 0 ? RawWebSocket.TEXT : RawWebSocket.CONTINUATION)
                        | (i == event.length - 1 ? RawWebSocket.FIN : 0);
                frames.writeBytes(RawWebSocket.encode(first, new byte[] {event[i]}));
            }
            client.socket().write(frames.toByteArray());
            assertThat(client.socket().text()).startsWith("42[\"message-back\",\"xxx");
        }
    }

    @Test
    void endlessTinyFragmentsAreRefused() {
        try (SocketClient client = client(GUARDED)) {
            client.socket().send(RawWebSocket.TEXT, "42[\"message\",\"".getBytes(UTF_8));
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            for (int i = 0; i < GUARDED_PAYLOAD + 10; i++) {
                frames.writeBytes(RawWebSocket.encode(RawWebSocket.CONTINUATION, new byte[] {'x'}));
            }
            client.socket().tryWrite(frames.toByteArray());
            client.socket().refused();
        }
    }

    @Test
    void invalidUtf8IsRefused() {
        try (SocketClient client = client(GUARDED)) {
            client.socket().send(RawWebSocket.FIN | RawWebSocket.TEXT, new byte[] {
                '4', '2', '[', '"', (byte) 0xc3, 0x28, '"', ']'
            });
            client.socket().refused();
        }
    }

    @Test
    void unmaskedFrameIsRefused() {
        try (SocketClient client = client(GUARDED)) {
            client.socket().write(new byte[] {(byte) 0x81, 2, '4', '2'});
            client.socket().refused();
        }
    }

    @Test
    void unknownOpcodeIsRefused() {
        try (SocketClient client = client(GUARDED)) {
            client.socket().send(RawWebSocket.FIN | 3, new byte[] {1});
            client.socket().refused();
        }
    }

    @Test
    void reservedBitIsRefused() {
        try (SocketClient client = client(GUARDED)) {
            client.socket().send(RawWebSocket.FIN | 0x20 | RawWebSocket.TEXT, event(1));
            client.socket().refused();
        }
    }

    @Test
    void compressedFrameWithoutAnAgreementIsRefused() {
        try (SocketClient client = client(GUARDED)) {
            client.socket().send(RawWebSocket.FIN | RawWebSocket.COMPRESSED | RawWebSocket.TEXT, event(1));
            client.socket().refused();
        }
    }

    @Test
    void continuationOfNothingIsRefused() {
        try (SocketClient client = client(GUARDED)) {
            client.socket().send(RawWebSocket.FIN | RawWebSocket.CONTINUATION, event(1));
            client.socket().refused();
        }
    }

    @Test
    void fragmentedControlFrameIsRefused() {
        try (SocketClient client = client(GUARDED)) {
            client.socket().send(RawWebSocket.PING, new byte[] {1});
            client.socket().refused();
        }
    }

    @Test
    void oversizedControlFrameIsRefused() {
        try (SocketClient client = client(GUARDED)) {
            client.socket().trySend(RawWebSocket.FIN | RawWebSocket.PING, new byte[126]);
            client.socket().refused();
        }
    }

    @Test
    void deflateBombIsRefused() {
        try (RawWebSocket socket = RawWebSocket.open(
                server(GUARDED),
                SocketClient.WEBSOCKET,
                "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover; server_no_context_takeover")) {
            assumeTrue(
                    socket.answer()
                            .headers()
                            .getOrDefault("sec-websocket-extensions", "")
                            .contains("permessage-deflate"),
                    "this server does not compress");
            SocketClient.opened(socket);
            byte[] bomb = deflate(16 << 20);
            assertThat(bomb.length).isLessThan(GUARDED_PAYLOAD);

            socket.trySend(RawWebSocket.FIN | RawWebSocket.COMPRESSED | RawWebSocket.TEXT, bomb);

            socket.closed();
        }
    }

    @Test
    void brokenDeflateStreamIsRefused() {
        try (RawWebSocket socket = RawWebSocket.open(
                server(GUARDED), SocketClient.WEBSOCKET, "Sec-WebSocket-Extensions: permessage-deflate")) {
            assumeTrue(
                    socket.answer()
                            .headers()
                            .getOrDefault("sec-websocket-extensions", "")
                            .contains("permessage-deflate"),
                    "this server does not compress");
            SocketClient.opened(socket);
            socket.send(
                    RawWebSocket.FIN | RawWebSocket.COMPRESSED | RawWebSocket.TEXT,
                    new byte[] {(byte) 0xff, 1, 2, 3, 4});
            socket.closed();
        }
    }

    @Test
    void resetConnectionEndsTheSession() {
        SocketClient client = client(GUARDED);
        client.socket().reset();
        awaitAbsence(client.id());
    }

    @Test
    void resetInTheMiddleOfAFrameEndsTheSession() {
        SocketClient client = client(GUARDED);
        client.socket().write(new byte[] {(byte) 0x81, (byte) 0xfe, 0x10, 0, 1, 2, 3, 4, 5});
        client.socket().reset();
        awaitAbsence(client.id());
    }

    @Test
    void halfAFrameHoldsUpNobodyElse() {
        try (SocketClient client = client(GUARDED);
                SocketClient other = client(GUARDED)) {
            client.socket().write(new byte[] {(byte) 0x81, (byte) 0xfe, 0x10, 0, 1, 2, 3, 4, 5});
            other.echoes("not waiting");
        }
    }

    @Test
    void slowPostHoldsUpNobodyElse() {
        PollingClient client = polling(GUARDED);
        client.connect();
        try (RawHttp slow = RawHttp.announce(server(GUARDED), "POST", client.query(), 100)) {
            slow.write("4");
            bystander().echoes("not waiting");
            slow.write("2");
            PollingClient other = polling(GUARDED);
            other.connect();
            other.send("42[\"message\",1]");
            assertThat(other.next()).isEqualTo("42[\"message-back\",1]");
            slow.reset();
        }
    }

    @Test
    void abandonedPollHoldsUpNobodyElse() {
        PollingClient client = polling(GUARDED);
        client.connect();
        try (RawHttp poll = RawHttp.send(server(GUARDED), "GET", client.query(), "")) {
            bystander().echoes("not waiting");
            poll.reset();
        }
        client.post("42[\"message\",1]");
    }

    @Test
    void halfARequestHoldsUpNobodyElse() {
        try (RawHttp half = RawHttp.announce(server(GUARDED), "POST", "EIO=4", 1_000_000)) {
            bystander().echoes("not waiting");
            half.reset();
        }
    }

    @Tag(TransportContract.STRICTER)
    @Test
    void readerThatStallsIsLetGo() {
        try (RawWebSocket socket = RawWebSocket.attempt(server(OPEN), SocketClient.WEBSOCKET, 4_096)) {
            SocketClient stalled = SocketClient.connect(socket);
            try (SocketClient other = client(OPEN)) {
                socket.send("42[\"burst\",0,2000,10000]");
                long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
                while (other.present(stalled.id())) {
                    assertThat(System.nanoTime()).as("still there").isLessThan(deadline);
                }
                other.echoes("unaffected");
            }
            socket.closed();
        }
    }

    private void awaitAbsence(String session) {
        long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
        while (bystander().present(session)) {
            assertThat(System.nanoTime()).as("still there").isLessThan(deadline);
        }
    }

    private static byte[] event(int size) {
        return ("42[\"message\",\"" + "x".repeat(size) + "\"]").getBytes(UTF_8);
    }

    /** This many spaces, compressed as a message. */
    private static byte[] deflate(int size) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            byte[] spaces = new byte[size];
            Arrays.fill(spaces, (byte) ' ');
            spaces[0] = '4';
            deflater.setInput(spaces);
            byte[] out = new byte[1 << 16];
            int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
            return Arrays.copyOf(out, length - 4);
        } finally {
            deflater.end();
        }
    }
}
