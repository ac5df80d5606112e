package dev.realtime.internal.jwt;

import com.auth0.jwt.algorithms.Algorithm;

/** Signatures by shared secret. */
public enum HmacSecret {
    HS256(32),
    HS384(48),
    HS512(64);

    private final int minBytes;

    HmacSecret(int minBytes) {
        this.minBytes = minBytes;
    }

    /** @throws IllegalArgumentException when the secret is shorter than the hash: RFC 7518 §3.2 */
    public SigningKeys of(byte[] secret) {
        if (secret.length < minBytes) {
            throw new IllegalArgumentException("a secret for " + name() + " has at least " + minBytes
                    + " bytes, but this one has " + secret.length + "; make one with: openssl rand -base64 "
                    + minBytes);
        }
        Algorithm algorithm = switch (this) {
            case HS256 -> Algorithm.HMAC256(secret);
            case HS384 -> Algorithm.HMAC384(secret);
            case HS512 -> Algorithm.HMAC512(secret);
        };
        return SigningKeys.only(algorithm);
    }
}
