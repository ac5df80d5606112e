package dev.realtime.internal.jwt;

import com.auth0.jwt.algorithms.Algorithm;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The signatures by public key that are understood (RFC 7518 §3.1), and which keys can have made them. */
public enum JwtAlgorithm {
    RS256(key -> Algorithm.RSA256(key), 0),
    RS384(key -> Algorithm.RSA384(key), 0),
    RS512(key -> Algorithm.RSA512(key), 0),
    PS256(key -> Algorithm.RSA256PSS(key), 0),
    PS384(key -> Algorithm.RSA384PSS(key), 0),
    PS512(key -> Algorithm.RSA512PSS(key), 0),
    ES256(256, key -> Algorithm.ECDSA256(key)),
    ES384(384, key -> Algorithm.ECDSA384(key)),
    ES512(521, key -> Algorithm.ECDSA512(key));

    /** RFC 7518 §3.3: a key of at least this size must be used. */
    public static final int MIN_RSA_BITS = 2048;

    private final @Nullable Function<RSAPublicKey, Algorithm> rsa;
    private final @Nullable Function<ECPublicKey, Algorithm> ec;
    private final int curveBits;

    JwtAlgorithm(Function<RSAPublicKey, Algorithm> rsa, int curveBits) {
        this.rsa = rsa;
        this.ec = null;
        this.curveBits = curveBits;
    }

    JwtAlgorithm(int curveBits, Function<ECPublicKey, Algorithm> ec) {
        this.rsa = null;
        this.ec = ec;
        this.curveBits = curveBits;
    }

    /** @return null when this name is none of them */
    public static @Nullable JwtAlgorithm named(@Nullable String name) {
        for (JwtAlgorithm algorithm : values()) {
            if (algorithm.name().equals(name)) {
                return algorithm;
            }
        }
        return null;
    }

    /** The algorithms that an application names. */
    public static Set<JwtAlgorithm> allNamed(String... names) {
        Set<JwtAlgorithm> found = EnumSet.noneOf(JwtAlgorithm.class);
        for (String name : names) {
            JwtAlgorithm algorithm = named(name);
            if (algorithm == null) {
                throw new IllegalArgumentException(
                        "'" + name + "' is not a signature by public key, these are: " + Arrays.toString(values()));
            }
            found.add(algorithm);
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("at least one algorithm must be named");
        }
        return found;
    }

    /** Whether a signature of this kind can be this key's: the kind of key, for RSA its size, for ECDSA its curve. */
    public boolean fits(PublicKey key) {
        if (rsa != null) {
            return key instanceof RSAPublicKey mine && mine.getModulus().bitLength() >= MIN_RSA_BITS;
        }
        return key instanceof ECPublicKey mine && mine.getParams().getOrder().bitLength() == curveBits;
    }

    /** @throws IllegalArgumentException when the key does not {@linkplain #fits fit} */
    public Algorithm with(PublicKey key) {
        if (fits(key)) {
            if (rsa != null) {
                return rsa.apply((RSAPublicKey) key);
            }
            if (ec != null) {
                return ec.apply((ECPublicKey) key);
            }
        }
        throw new IllegalArgumentException(name() + " needs "
                + (rsa != null
                        ? "an RSA key of at least " + MIN_RSA_BITS + " bits"
                        : "a key on the curve of " + curveBits + " bits")
                + ", but has " + describe(key));
    }

    private static String describe(PublicKey key) {
        if (key instanceof RSAPublicKey mine) {
            return "an RSA key of " + mine.getModulus().bitLength() + " bits";
        }
        return key instanceof ECPublicKey mine
                ? "a key on a curve of " + mine.getParams().getOrder().bitLength() + " bits"
                : "a key for " + key.getAlgorithm();
    }
}
