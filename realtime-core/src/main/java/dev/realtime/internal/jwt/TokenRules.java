package dev.realtime.internal.jwt;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier.BaseVerification;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.IncorrectClaimException;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.exceptions.MissingClaimException;
import com.auth0.jwt.exceptions.SignatureVerificationException;
import com.auth0.jwt.exceptions.TokenExpiredException;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.auth0.jwt.interfaces.Verification;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What makes a token good. Order: size, form, algorithm and key, signature, then the claims; so nothing is believed that is not signed,
 * and only the holder of a good token learns that it has expired.
 *
 * @param issuers one of them must have issued it; empty: anybody may
 * @param audiences it must be meant for one of them; empty: it must not name an audience
 * @param leeway how far the issuer's clock may be off
 * @param endless whether it may lack an expiry
 */
public record TokenRules(List<String> issuers, List<String> audiences, Duration leeway, boolean endless) {
    private static final int MAX_LENGTH = 8 * 1024;
    private static final Duration MAX_LEEWAY = Duration.ofMinutes(2);
    private static final Duration FAR_AWAY = Duration.ofDays(36_500);

    public static final TokenRules DEFAULT = new TokenRules(List.of(), List.of(), Duration.ZERO, false);

    public TokenRules {
        issuers = List.copyOf(issuers);
        audiences = List.copyOf(audiences);
        if (leeway.isNegative()
                || leeway.compareTo(MAX_LEEWAY) > 0
                || !leeway.equals(leeway.truncatedTo(ChronoUnit.SECONDS))) {
            throw new IllegalArgumentException(
                    "leeway is whole seconds from 0 to " + MAX_LEEWAY.toSeconds() + ", but is " + leeway);
        }
    }

    /** @return the token, every check passed */
    public DecodedJWT verify(String token, SigningKeys keys, Instant at) throws TokenRefusedException {
        if (token.length() > MAX_LENGTH) {
            throw TokenRefusedException.because("it is longer than " + MAX_LENGTH + " characters");
        }
        DecodedJWT decoded = decode(token);
        check(decoded, keys.forToken(decoded.getAlgorithm(), decoded.getKeyId(), at), at);
        checkPresence(decoded, at);
        return decoded;
    }

    /** When what the token allows is over; null for never. */
    public @Nullable Instant end(DecodedJWT token) {
        Instant end = token.getExpiresAtAsInstant();
        return end == null ? null : end.plus(leeway);
    }

    private static DecodedJWT decode(String token) throws TokenRefusedException {
        DecodedJWT decoded;
        boolean critical;
        try {
            decoded = JWT.decode(token);
            critical = !decoded.getHeaderClaim("crit").isMissing();
            decoded.getSubject();
        } catch (RuntimeException e) {
            // besides its own exception java-jwt lets those of java.time through, and fails late where a part is JSON's
            // null
            throw TokenRefusedException.because("it is not a token");
        }
        if (critical) {
            throw TokenRefusedException.because(
                    "it has critical header parameters, which are not understood (RFC 7515 §4.1.11)");
        }
        return decoded;
    }

    private void check(DecodedJWT token, Algorithm algorithm, Instant at) throws TokenRefusedException {
        Verification verification = JWT.require(algorithm).acceptLeeway(leeway.toSeconds());
        if (!issuers.isEmpty()) {
            verification = verification.withIssuer(issuers.toArray(new String[0]));
        }
        if (!audiences.isEmpty()) {
            verification = verification.withAnyOfAudience(audiences.toArray(new String[0]));
        }
        try {
            ((BaseVerification) verification)
                    .build(Clock.fixed(at, ZoneOffset.UTC))
                    .verify(token);
        } catch (TokenExpiredException e) {
            throw TokenRefusedException.expired();
        } catch (SignatureVerificationException e) {
            throw TokenRefusedException.because("its signature is wrong");
        } catch (IncorrectClaimException e) {
            throw TokenRefusedException.because("its claim '" + e.getClaimName() + "' is not what it must be");
        } catch (MissingClaimException e) {
            throw TokenRefusedException.because("it has no claim '" + e.getClaimName() + "'");
        } catch (JWTVerificationException e) {
            throw TokenRefusedException.because(
                    "a check failed: " + e.getClass().getSimpleName());
        }
    }

    /** What java-jwt takes for optional. */
    private void checkPresence(DecodedJWT token, Instant at) throws TokenRefusedException {
        if (audiences.isEmpty() && !token.getClaim("aud").isMissing()) {
            throw TokenRefusedException.because(
                    "it is meant for an audience, and none is configured (RFC 7519 §4.1.3)");
        }
        Instant end = token.getExpiresAtAsInstant();
        if (end == null && !endless) {
            throw TokenRefusedException.because("it does not expire");
        }
        if (end != null && Duration.between(at, end).compareTo(FAR_AWAY) > 0) {
            throw TokenRefusedException.because(
                    "it expires in more than a hundred years: 'exp' counts seconds, not milliseconds");
        }
    }
}
