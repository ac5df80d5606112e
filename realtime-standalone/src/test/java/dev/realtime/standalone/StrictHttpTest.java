package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What two readers of one byte stream could understand differently (RFC 9112 section 11.2) is refused, and nothing behind it is
 * answered.
 */
class StrictHttpTest {
    private static final String BEHIND = "GET /hit HTTP/1.1\r\nHost: x\r\n\r\n";

    private final FakeDoors doors = new FakeDoors();
    private final AtomicInteger hits = new AtomicInteger();
    private StandaloneServer server;

    @BeforeEach
    void start() {
        server = StandaloneServer.start(
                doors.engine(),
                StandaloneOptions.DEFAULT
                        .host("127.0.0.1")
                        .port(0)
                        .handler("/hit", (request, body) -> {
                            hits.incrementAndGet();
                            return FakeDoors.ok("hit");
                        })
                        .handler(
                                "/echo",
                                (request, body) -> FakeDoors.ok("echo " + new String(body, StandardCharsets.UTF_8))));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    static Stream<Arguments> ambiguous() {
        String post = "POST /echo HTTP/1.1\r\nHost: x\r\n";
        String chunks = "\r\n5\r\nhello\r\n0\r\n\r\n";
        String get = "GET /echo HTTP/1.1\r\nHost: x\r\n";
        return Stream.of(
                row("transfer coding identity", post + "Transfer-Encoding: identity\r\n" + chunks),
                row("transfer coding in capitals", post + "Transfer-Encoding: Chunked\r\n" + chunks),
                row("transfer coding gzip, chunked", post + "Transfer-Encoding: gzip, chunked\r\n" + chunks),
                row("transfer coding chunked twice", post + "Transfer-Encoding: chunked, chunked\r\n" + chunks),
                row("transfer coding with parameter", post + "Transfer-Encoding: chunked;q=1\r\n" + chunks),
                row("transfer coding with vertical tab", post + "Transfer-Encoding: \u000bchunked\r\n" + chunks),
                row("transfer coding with a trailing comma", post + "Transfer-Encoding: chunked,\r\n" + chunks),
                row("transfer coding that is empty", post + "Transfer-Encoding:\r\n" + chunks),
                row("transfer coding unknown", post + "Transfer-Encoding: xchunked\r\n" + chunks),
                row(
                        "two transfer codings",
                        post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n" + chunks),
                row("chunked and a length", post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n" + chunks),
                row("a length and chunked", post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n" + chunks),
                row("chunked in HTTP/1.0", "POST /echo HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n" + chunks),
                row("space before the colon", post + "Transfer-Encoding : chunked\r\n" + chunks),
                row("tab before the colon", post + "Transfer-Encoding\t: chunked\r\n" + chunks),
                row("control character before the colon", post + "Transfer-Encoding\u0001: chunked\r\n" + chunks),
                row("control character in a name", post + "Content\u0000-Length: 5\r\n\r\nhello"),
                row("eighth bit in a name", post + "Content-L\u00e9ngth: 5\r\n\r\nhello"),
                row("a header without a name", get + ": value\r\n\r\n"),
                row("a header without a colon", get + "nonsense\r\n\r\n"),
                row("a folded line", get + "X-A: one\r\n two\r\n\r\n"),
                row("a folded first line", "GET /echo HTTP/1.1\r\n Host: x\r\n\r\n"),
                row("a folded length", post + "Content-Length:\r\n 5\r\n\r\nhello"),
                row("two hosts", get + "Host: y\r\n\r\n"),
                row("two equal hosts", get + "Host: x\r\n\r\n"),
                row("no host", "GET /echo HTTP/1.1\r\n\r\n"),
                row("a host with a path", "GET /echo HTTP/1.1\r\nHost: x/y\r\n\r\n"),
                row("a host with a user", "GET /echo HTTP/1.1\r\nHost: a@x\r\n\r\n"),
                row("a host with a space", "GET /echo HTTP/1.1\r\nHost: x y\r\n\r\n"),
                row("two lengths", post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
                row("two lengths in one", post + "Content-Length: 5, 5\r\n\r\nhello"),
                row("two equal lengths", post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
                row("a length with a sign", post + "Content-Length: +5\r\n\r\nhello"),
                row("a negative length", post + "Content-Length: -5\r\n\r\nhello"),
                row("a hexadecimal length", post + "Content-Length: 0x5\r\n\r\nhello"),
                row("a length beyond all numbers", post + "Content-Length: 18446744073709551621\r\n\r\nhello"),
                row("a length in foreign digits", post + "Content-Length: \u00b2\r\n\r\nhello"),
                row("an empty length", post + "Content-Length:\r\n\r\nhello"),
                row("bare CR in a value", get + "X-A: one\rX-B: two\r\n\r\n"),
                row("bare CR at the end of a line", get + "X-A: one\r\r\n\r\n"),
                row("bare LF ends a line", "GET /echo HTTP/1.1\nHost: x\n\n"),
                row("bare LF in the head", "GET /echo HTTP/1.1\r\nHost: x\nX-A: b\r\n\r\n"),
                row("NUL in a value", get + "X-A: a\u0000b\r\n\r\n"),
                row("DEL in a value", get + "X-A: a\u007fb\r\n\r\n"),
                row("escape in a value", get + "X-A: a\u001bb\r\n\r\n"),
                row("a C1 control character in a value", get + "X-A: a\u0085b\r\n\r\n"),
                row("a method that is no token", "GE(T /echo HTTP/1.1\r\nHost: x\r\n\r\n"),
                row("an empty method", " /echo HTTP/1.1\r\nHost: x\r\n\r\n"),
                row("two spaces", "GET  /echo HTTP/1.1\r\nHost: x\r\n\r\n"),
                row("a tab instead of a space", "GET\t/echo HTTP/1.1\r\nHost: x\r\n\r\n"),
                row("a space in the target", "GET /echo /x HTTP/1.1\r\nHost: x\r\n\r\n"),
                row("a control character in the target", "GET /echo\u0001 HTTP/1.1\r\nHost: x\r\n\r\n"),
                row("the eighth bit in the target", "GET /ech\u00f6 HTTP/1.1\r\nHost: x\r\n\r\n"),
                row("a fragment in the target", "GET /echo#x HTTP/1.1\r\nHost: x\r\n\r\n"),
                row("a target without a slash", "GET echo HTTP/1.1\r\nHost: x\r\n\r\n"),
                row("a target that names another host", "GET http://y/echo HTTP/1.1\r\nHost: x\r\n\r\n"),
                row("a target of another scheme", "GET ftp://x/echo HTTP/1.1\r\nHost: x\r\n\r\n"),
                row("a space behind the version", "GET /echo HTTP/1.1 \r\nHost: x\r\n\r\n"),
                row("HTTP/0.9", "GET /echo\r\n\r\n"),
                row("HTTP/0.9 by name", "GET /echo HTTP/0.9\r\nHost: x\r\n\r\n"),
                row("a version in small letters", "GET /echo http/1.1\r\nHost: x\r\n\r\n"),
                row("a version with too many digits", "GET /echo HTTP/1.10\r\nHost: x\r\n\r\n"),
                row("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                row("an expectation of something else", post + "Expect: 200-ok\r\nContent-Length: 5\r\n\r\nhello"),
                row("garbage", "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n"));
    }

    static Stream<Arguments> badChunks() {
        String head = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
        return Stream.of(
                row("a chunk size with a sign", head + "+5\r\nhello\r\n0\r\n\r\n"),
                row("a negative chunk size", head + "-5\r\nhello\r\n0\r\n\r\n"),
                row("a chunk size with a prefix", head + "0x5\r\nhello\r\n0\r\n\r\n"),
                row("a chunk size with an extension", head + "5;a=b\r\nhello\r\n0\r\n\r\n"),
                row("a chunk size with a space", head + "5 \r\nhello\r\n0\r\n\r\n"),
                row("a chunk size that overflows", head + "100000005\r\nhello\r\n0\r\n\r\n"),
                row("an endless chunk size", head + "0".repeat(100) + "5\r\nhello\r\n0\r\n\r\n"),
                row("an empty chunk size", head + "\r\nhello\r\n0\r\n\r\n"),
                row("bare LF behind a chunk size", head + "5\nhello\r\n0\r\n\r\n"),
                row("bare LF behind a chunk", head + "5\r\nhello\n0\r\n\r\n"),
                row("more data than announced", head + "5\r\nhellooo\r\n0\r\n\r\n"),
                row("a trailer that is no header", head + "5\r\nhello\r\n0\r\nbad trailer\r\n\r\n"));
    }

    private static Arguments row(String what, String bytes) {
        return Arguments.of(what, bytes);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"ambiguous", "badChunks"})
    void isRefusedAndNothingBehindItIsAnswered(String what, String request) throws Exception {
        assertThat(reply(request + BEHIND + BEHIND))
                .matches("(?s)HTTP/1\\.1 (400|417|505) .*Connection: close.*")
                .containsOnlyOnce("HTTP/1.1 ");
        assertThat(hits).hasValue(0);
        assertThat(reply("GET /hit HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .as("others are served")
                .endsWith("hit");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"ambiguous", "badChunks"})
    void isRefusedWhenItComesByteByByte(String what, String request) throws Exception {
        try (Socket socket = connect()) {
            socket.setTcpNoDelay(true);
            Thread sender = new Thread(() -> {
                try {
                    for (byte b : (request + BEHIND).getBytes(StandardCharsets.ISO_8859_1)) {
                        socket.getOutputStream().write(b);
                    }
                } catch (IOException e) {
                    // refused before its end
                }
            });
            sender.start();
            assertThat(rest(socket)).matches("(?s)HTTP/1\\.1 (400|417|505) .*").containsOnlyOnce("HTTP/1.1 ");
            sender.join();
        }
        assertThat(hits).hasValue(0);
    }

    @Test
    void whatIsCorrectIsServed() throws Exception {
        assertThat(reply("GET http://x/hit HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .endsWith("hit");
        assertThat(reply("GET /hit HTTP/1.0\r\n\r\n")).endsWith("hit");
        assertThat(reply("POST /echo HTTP/1.1\r\nhost:x\r\nTRANSFER-ENCODING:\t chunked \t\r\nConnection: close\r\n\r\n"
                        + "A\r\n0123456789\r\n005\r\nhello\r\n0\r\nX-Trailer: yes\r\n\r\n"))
                .endsWith("echo 0123456789hello");
        assertThat(reply("GET /hit?q={\"a\":[1|2]} HTTP/1.1\r\nHost: x\r\nX-Name: gr\u00c3\u00bc\u00c3\u009fe\r\n"
                        + "Connection: close\r\n\r\n"))
                .as("an unescaped query, and UTF-8 in a value")
                .endsWith("hit");
    }

    @Test
    void requestsThatFollowOneAnotherAreAnsweredInOrder() throws Exception {
        String chunked = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\n\r\n";
        String counted = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\ntwo";
        String last = "GET /hit HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        String all = reply(chunked + counted + chunked + "\r\n" + last);
        assertThat(all).containsSubsequence("echo one", "echo two", "echo one", "hit");
        assertThat(all.split("HTTP/1.1 200 ", -1)).hasSize(5);
    }

    @Test
    void emptyLinesBeforeARequestAreSkipped() throws Exception {
        assertThat(reply("\r\n\r\nGET /hit HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("hit");
    }

    @Test
    void emptyLinesMayComeInPieces() throws Exception {
        try (Socket socket = connect()) {
            for (int i = 0; i < 50; i++) {
                send(socket, "\r");
                assertThat(reply("GET /hit HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")) // meanwhile it is read
                        .endsWith("hit");
                send(socket, "\n");
            }
            send(socket, "GET /hit HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(rest(socket)).startsWith("HTTP/1.1 200 ").endsWith("hit");
        }
    }

    @Test
    void anEmptyLineWhileARequestIsHeldChangesNothing() throws Exception {
        try (Socket socket = connect()) {
            send(socket, "GET /socket.io/ HTTP/1.1\r\nHost: x\r\n\r\n");
            var held = doors.exchange();
            send(socket, "\r\n");
            send(socket, "\r");
            send(socket, "\n");
            held.reply(FakeDoors.ok("polled"));
            send(socket, "GET /hit HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(rest(socket)).containsSubsequence("polled", "hit");
        }
    }

    @Test
    void aClientThatExpectsToBeToldToContinueIs() throws Exception {
        for (String framing : new String[] {"Content-Length: 5", "Transfer-Encoding: chunked"}) {
            try (Socket socket = connect()) {
                send(
                        socket,
                        "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n" + framing
                                + "\r\n\r\n");
                byte[] go = socket.getInputStream().readNBytes("HTTP/1.1 100 Continue\r\n\r\n".length());
                assertThat(new String(go, StandardCharsets.ISO_8859_1)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
                send(socket, framing.startsWith("C") ? "hello" : "5\r\nhello\r\n0\r\n\r\n");
                assertThat(rest(socket)).startsWith("HTTP/1.1 200 ").endsWith("echo hello");
            }
        }
    }

    @Test
    void headersAboveTheLimitAreNamedAndTheLimitIsAnOption() throws Exception {
        String long20k = "GET /hit HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                + "t".repeat(20_000) + "\r\n\r\n";
        assertThat(reply(long20k)).startsWith("HTTP/1.1 431 ").contains("message");
        assertThat(reply(long20k.replace("t".repeat(20_000), "t".repeat(12_000))))
                .endsWith("hit");
        assertThat(reply("GET /" + "p".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n" + BEHIND))
                .startsWith("HTTP/1.1 414 ")
                .containsOnlyOnce("HTTP/1.1 ");
        assertThat(reply("GET /hit HTTP/1.1\r\nHost: x\r\n" + "X-A: b\r\n".repeat(101) + "\r\n" + BEHIND))
                .startsWith("HTTP/1.1 431 ")
                .containsOnlyOnce("HTTP/1.1 ");
        try (StandaloneServer roomy = StandaloneServer.start(
                doors.engine(),
                StandaloneOptions.DEFAULT
                        .host("127.0.0.1")
                        .port(0)
                        .maxHeaderBytes(32_000)
                        .handler("/hit", (request, body) -> FakeDoors.ok("roomy")))) {
            try (Socket socket = new Socket("127.0.0.1", roomy.port())) {
                send(socket, long20k);
                assertThat(rest(socket)).endsWith("roomy");
            }
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.setSoTimeout((int) Duration.ofSeconds(10).toMillis());
        return socket;
    }

    private String reply(String bytes) throws IOException {
        try (Socket socket = connect()) {
            send(socket, bytes);
            return rest(socket);
        }
    }

    private static void send(Socket socket, String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
