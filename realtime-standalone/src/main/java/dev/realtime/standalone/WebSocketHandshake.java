package dev.realtime.standalone;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's half of the opening handshake: RFC 6455 section 4.2.2, with compression as RFC 7692 section 5 negotiates it. Thread-safe.
 */
final class WebSocketHandshake {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** Of 16 bytes in base64, padding included: the JDK's decoder does without. */
    private static final int KEY_LENGTH = 24;

    /** Nobody offers more, and whoever does gets no compression. */
    private static final int LONGEST_OFFERS = 1_024;

    private final boolean compression;
    /** To be copied, where the JVM's provider can do that: to look one up among its providers costs more than the digest. */
    private final MessageDigest sha1 = sha1();

    /** @param compression whether an offer of permessage-deflate may be accepted */
    WebSocketHandshake(boolean compression) {
        this.compression = compression;
    }

    /**
     * What both have agreed on.
     *
     * @param headers of the reply
     * @param compressed whether messages may be compressed
     */
    record Agreement(Map<String, String> headers, boolean compressed) {}

    /**
     * Returns the answer to a request.
     *
     * @param headers of the request, by lower-case name
     * @throws MalformedHandshakeException if the request is none that RFC 6455 knows
     */
    Agreement answer(Map<String, List<String>> headers) throws MalformedHandshakeException {
        Map<String, String> reply = new LinkedHashMap<>();
        reply.put("Upgrade", "websocket");
        reply.put("Connection", "Upgrade");
        reply.put("Sec-WebSocket-Accept", accept(key(headers.get("sec-websocket-key"))));
        String subprotocol = subprotocol(headers.get("sec-websocket-protocol"));
        if (subprotocol != null) {
            reply.put("Sec-WebSocket-Protocol", subprotocol);
        }
        boolean compressed = compresses(headers.get("sec-websocket-extensions"));
        if (compressed) {
            reply.put("Sec-WebSocket-Extensions", Deflate.ACCEPTED);
        }
        return new Agreement(reply, compressed);
    }

    /** Returns the one key, 16 bytes in base64. */
    private static String key(@Nullable List<String> keys) throws MalformedHandshakeException {
        if (keys == null || keys.size() != 1) {
            throw new MalformedHandshakeException("not one key");
        }
        String key = keys.get(0).trim();
        try {
            if (key.length() != KEY_LENGTH || Base64.getDecoder().decode(key).length != 16) {
                throw new MalformedHandshakeException("a key of another length");
            }
        } catch (IllegalArgumentException e) {
            throw new MalformedHandshakeException("a key that is not base64");
        }
        return key;
    }

    private String accept(String key) {
        return Base64.getEncoder().encodeToString(digest().digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1)));
    }

    private MessageDigest digest() {
        try {
            return (MessageDigest) sha1.clone();
        } catch (CloneNotSupportedException e) {
            return sha1();
        }
    }

    /** What the RFC asks for; it protects nothing. */
    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-1", e);
        }
    }

    /** The engine speaks the same whatever a client calls it; a browser gives up on a server that picks none of its offers. */
    private static @Nullable String subprotocol(@Nullable List<String> offers) throws MalformedHandshakeException {
        if (offers == null) {
            return null;
        }
        String first = String.join(",", offers).split(",", 2)[0].trim();
        if (!HeadParser.isToken(first)) {
            throw new MalformedHandshakeException("a subprotocol that is not a token");
        }
        return first;
    }

    private boolean compresses(@Nullable List<String> offers) throws MalformedHandshakeException {
        if (offers == null || !compression) {
            return false;
        }
        String all = String.join(",", offers);
        if (all.length() > LONGEST_OFFERS) {
            return false;
        }
        return ExtensionOffer.parse(all).stream().anyMatch(Deflate::accepts);
    }
}
