package dev.realtime.redis;

import dev.realtime.redis.internal.intake.SignedCommand;
import java.util.Objects;

/**
 * A secret that administrators and nodes share, by which commands are signed (HMAC-SHA-256). Nodes may know several, so that a new one can be
 * introduced before the old one is withdrawn. Immutable; shows its id, never the secret.
 */
public final class AdminKey {
    private static final int SHORTEST = 32;

    private final String id;
    private final byte[] secret;

    private AdminKey(String id, byte[] secret) {
        this.id = id;
        this.secret = secret;
    }

    /**
     * Returns a key.
     *
     * @param id 1 to 64 letters, digits, dots, dashes and underscores; it is sent with each command, and may be logged
     * @param secret at least 32 random bytes; copied
     */
    public static AdminKey of(String id, byte[] secret) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(secret, "secret");
        if (!SignedCommand.isName(id)) {
            throw new IllegalArgumentException(
                    "the id of a key has 1 to 64 letters, digits, dots, dashes and underscores");
        }
        if (secret.length < SHORTEST) {
            throw new IllegalArgumentException("the secret of key '" + id + "' must have at least " + SHORTEST
                    + " bytes, but has " + secret.length);
        }
        return new AdminKey(id, secret.clone());
    }

    public String id() {
        return id;
    }

    byte[] secret() {
        return secret;
    }

    /** Names the key, without its secret. */
    @Override
    public String toString() {
        return "AdminKey[" + id + "]";
    }
}
