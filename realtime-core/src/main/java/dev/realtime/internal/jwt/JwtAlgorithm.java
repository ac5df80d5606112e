package dev.realtime.internal.jwt;

import com.auth0.jwt.algorithms.Algorithm;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The signatures by public key that are understood (RFC 7518 §3.1), and which keys can have made them. */
public enum JwtAlgorithm {
    RS256(0),
    RS384(0),
    RS512(0),
    PS256(0),
    PS384(0),
    PS512(0),
    ES256(256),
    ES384(384),
    ES512(521);

    /** RFC 7518 §3.3: a key of at least this size must be used. */
    public static final int MIN_RSA_BITS = 2048;

    private final int curveBits; // 0: RSA

    JwtAlgorithm(int curveBits) {
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
            JwtAlgorithm algorithm = named(Objects.requireNonNull(name, "algorithms"));
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
        return curveBits == 0
                ? key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= MIN_RSA_BITS
                : key instanceof ECPublicKey ec && ec.getParams().getOrder().bitLength() == curveBits;
    }

    /** @throws IllegalArgumentException when the key does not {@linkplain #fits fit} */
    public Algorithm with(PublicKey key) {
        if (!fits(key)) {
            String needed = curveBits == 0
                    ? "an RSA key of at least " + MIN_RSA_BITS + " bits"
                    : "a key on the curve of " + curveBits + " bits";
            throw new IllegalArgumentException(name() + " needs " + needed + ", but has " + describe(key));
        }
        return switch (this) {
            case RS256 -> Algorithm.RSA256((RSAPublicKey) key);
            case RS384 -> Algorithm.RSA384((RSAPublicKey) key);
            case RS512 -> Algorithm.RSA512((RSAPublicKey) key);
            case PS256 -> Algorithm.RSA256PSS((RSAPublicKey) key);
            case PS384 -> Algorithm.RSA384PSS((RSAPublicKey) key);
            case PS512 -> Algorithm.RSA512PSS((RSAPublicKey) key);
            case ES256 -> Algorithm.ECDSA256((ECPublicKey) key);
            case ES384 -> Algorithm.ECDSA384((ECPublicKey) key);
            case ES512 -> Algorithm.ECDSA512((ECPublicKey) key);
        };
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
