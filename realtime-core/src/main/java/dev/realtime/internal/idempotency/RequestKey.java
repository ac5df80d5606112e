package dev.realtime.internal.idempotency;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** What names one request in the whole cluster. It is a digest: neither a user nor what a client has sent is seen in the names of the store. */
public final class RequestKey {
    private RequestKey() {}

    /**
     * @param anonymous whether the client has no name, so that the key is its session's
     * @param client the user's id, or the session's
     * @param key the client's own
     */
    public static String of(String namespace, String request, boolean anonymous, String client, String key) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java runtime has SHA-256", e);
        }
        add(digest, namespace);
        add(digest, request);
        add(digest, anonymous ? "session" : "user");
        add(digest, client);
        add(digest, key);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
    }

    /**
     * With its length, so that no two lists of words look alike; as UTF-16, since all halves of surrogate pairs are the same in UTF-8, and one client would get
     * the answer of another.
     */
    private static void add(MessageDigest digest, String word) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + word.length() * Character.BYTES);
        bytes.putInt(word.length());
        bytes.asCharBuffer().put(word);
        digest.update(bytes.array());
    }
}
