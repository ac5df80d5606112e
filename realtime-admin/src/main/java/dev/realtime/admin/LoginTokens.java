package dev.realtime.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The tokens with which a page that has been loaded again needs no password ({@code sessionId}). Each is good for a day, where administrators have the name and the password that it was made for: nodes of
 * others know it by another digest. Only digests are kept and told to other nodes. Bounded; thread-safe.
 */
final class LoginTokens {
    static final long LIFE = 24 * 3_600_000L;
    private static final int MOST = 1_000;
    private static final int BYTES = 16;
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final AdminOptions options;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Long> ends = new LinkedHashMap<>() { // by digest; guarded by the tokens
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                    return size() > MOST;
                }
            };

    LoginTokens(AdminOptions options) {
        this.options = options;
    }

    /** Makes a token, which is good once its digest is {@linkplain #add added}. */
    String make() {
        byte[] token = new byte[BYTES];
        random.nextBytes(token);
        return HexFormat.of().formatHex(token);
    }

    String digest(String token) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            PasswordHash password = options.password();
            if (password != null) {
                password.addTo(digest);
            }
            digest.update(options.username().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param digest what is none, as other servers may say, is left out */
    synchronized void add(String digest, long now) {
        if (DIGEST.matcher(digest).matches()) {
            ends.put(digest, now + LIFE);
        }
    }

    /** Whether it was made by one of the nodes, good or not. */
    synchronized boolean isKnown(String token) {
        return hasForm(token) && ends.containsKey(digest(token));
    }

    private static boolean hasForm(String token) {
        return token.length() == 2 * BYTES;
    }

    synchronized boolean isGood(String token, long now) {
        Long end = hasForm(token) ? ends.get(digest(token)) : null;
        return end != null && end > now;
    }
}
