package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.security.MessageDigestSpi;
import java.security.Provider;
import java.security.Security;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketHandshakeTest {
    private final WebSocketHandshake handshake = new WebSocketHandshake(true);

    /** The example of RFC 6455 section 1.3. */
    @Test
    void theKeyOfTheSpecificationIsAnsweredAsThere() throws MalformedHandshakeException {
        WebSocketHandshake.Agreement agreed = handshake.answer(request());

        assertThat(agreed.headers())
                .containsExactly(
                        Map.entry("Upgrade", "websocket"),
                        Map.entry("Connection", "Upgrade"),
                        Map.entry("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        assertThat(agreed.compressed()).isFalse();
    }

    /** A JVM's provider need not offer copies: that of a hardware token, or one that keeps to FIPS 140. */
    @Test
    void aDigestThatCannotBeCopiedIsLookedUp() throws Exception {
        Provider single = new Single(MessageDigest.getInstance("SHA-1"));
        Security.insertProviderAt(single, 1);
        try {
            assertThat(new WebSocketHandshake(true).answer(request()).headers())
                    .containsEntry("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        } finally {
            Security.removeProvider(single.getName());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dGhlIHNhbXBsZSBub25jZQ",
                "dGhlIHNhbXBsZSBub25jZQ==x",
                "dGhlIHNhbXBsZQ==",
                "?GhlIHNhbXBsZSBub25jZQ=="
            })
    void aKeyIsSixteenBytesInBase64(String key) {
        Map<String, List<String>> headers = request();
        headers.put("sec-websocket-key", List.of(key));

        assertThatThrownBy(() -> handshake.answer(headers)).isInstanceOf(MalformedHandshakeException.class);
    }

    @Test
    void thereIsOneKey() {
        assertThatThrownBy(() -> handshake.answer(Map.of())).isInstanceOf(MalformedHandshakeException.class);
        Map<String, List<String>> two = request();
        two.put("sec-websocket-key", List.of("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ=="));
        assertThatThrownBy(() -> handshake.answer(two)).isInstanceOf(MalformedHandshakeException.class);
    }

    /** What Chromium, Firefox, ws and OkHttp offer, and forms that RFC 7692 allows. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate;client_max_window_bits=15",
                "permessage-deflate; client_max_window_bits=\"10\"",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                "permessage-deflate; server_max_window_bits=10, permessage-deflate",
                "x-webkit-deflate-frame, permessage-deflate; client_max_window_bits",
                " , permessage-deflate,"
            })
    void offersThatCanBeKeptAreAccepted(String offers) throws MalformedHandshakeException {
        WebSocketHandshake.Agreement agreed = handshake.answer(offering(offers));

        assertThat(agreed.compressed()).isTrue();
        assertThat(agreed.headers())
                .containsEntry(
                        "Sec-WebSocket-Extensions",
                        "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-bzip2",
                "permessage-deflate; server_max_window_bits=10",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; client_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=08",
                "permessage-deflate; client_max_window_bits; client_max_window_bits",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; unknown"
            })
    void offersThatCannotBeKeptAreDeclined(String offers) throws MalformedHandshakeException {
        WebSocketHandshake.Agreement agreed = handshake.answer(offering(offers));

        assertThat(agreed.compressed()).isFalse();
        assertThat(agreed.headers()).doesNotContainKey("Sec-WebSocket-Extensions");
    }

    /** RFC 6455 section 9.1: whoever receives such a list fails the connection. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate;",
                "permessage deflate",
                "; client_max_window_bits",
                "permessage-deflate; a=",
                "permessage-deflate; =1",
                "permessage-deflate; a=\"b"
            })
    void listsThatAreWrittenOtherwiseAreMalformed(String offers) {
        assertThatThrownBy(() -> handshake.answer(offering(offers))).isInstanceOf(MalformedHandshakeException.class);
    }

    @Test
    void offersAreNotLookedAtWhereThereIsNoCompressionOrTheyAreTooMany() throws MalformedHandshakeException {
        assertThat(new WebSocketHandshake(false)
                        .answer(offering("permessage-deflate"))
                        .compressed())
                .isFalse();
        assertThat(handshake
                        .answer(offering("permessage-deflate, ".repeat(100)))
                        .compressed())
                .isFalse();
    }

    @Test
    void theFirstSubprotocolIsTaken() throws MalformedHandshakeException {
        Map<String, List<String>> headers = request();
        headers.put("sec-websocket-protocol", List.of("v2.game, v1.game", "v0.game"));

        assertThat(handshake.answer(headers).headers()).containsEntry("Sec-WebSocket-Protocol", "v2.game");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",v1", "v 1", "v\u00e41"})
    void aSubprotocolIsAToken(String offered) {
        Map<String, List<String>> headers = request();
        headers.put("sec-websocket-protocol", List.of(offered));

        assertThatThrownBy(() -> handshake.answer(headers)).isInstanceOf(MalformedHandshakeException.class);
    }

    private static Map<String, List<String>> request() {
        return new HashMap<>(Map.of("sec-websocket-key", List.of("dGhlIHNhbXBsZSBub25jZQ==")));
    }

    private static Map<String, List<String>> offering(String extensions) {
        Map<String, List<String>> headers = request();
        headers.put("sec-websocket-extensions", List.of(extensions));
        return headers;
    }

    private static final class Single extends Provider {
        private static final long serialVersionUID = 1;

        Single(MessageDigest sha1) {
            super("single", "1", "digests without copies");
            putService(new Service(this, "MessageDigest", "SHA-1", "none", List.of(), Map.of()) {
                @Override
                public Object newInstance(Object parameter) {
                    return new Uncopied(sha1);
                }
            });
        }
    }

    private static final class Uncopied extends MessageDigestSpi {
        private final MessageDigest digest;

        Uncopied(MessageDigest digest) {
            this.digest = digest;
        }

        @Override
        protected void engineUpdate(byte input) {
            digest.update(input);
        }

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) {
            digest.update(input, offset, length);
        }

        @Override
        protected byte[] engineDigest() {
            return digest.digest();
        }

        @Override
        protected void engineReset() {
            digest.reset();
        }
    }
}
