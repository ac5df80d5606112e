package dev.realtime.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tokens with which a page that has been loaded again needs no password ({@code sessionId}). Each is good for a day. Only their digests are kept and told to other nodes. Bounded;
 * thread-safe.
 */
final class LoginTokens {
    static final long LIFE = 24 * 3_600_000L;
    private static final int MOST = 1_000;
    private static final int BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Long> ends = new LinkedHashMap<>() { // by digest; guarded by the tokens
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                    return size() > MOST;
                }
            };

    /** Makes a token, which is good once its digest is {@linkplain #add added}. */
    String make() {
        byte[] token = new byte[BYTES];
        random.nextBytes(token);
        return HexFormat.of().formatHex(token);
    }

    static String digest(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    synchronized void add(String digest, long now) {
        ends.put(digest, now + LIFE);
    }

    synchronized boolean isGood(String token, long now) {
        Long end = ends.get(digest(token));
        return end != null && end > now;
    }
}
