package dev.realtime.samples.arena;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import dev.realtime.Authenticator;
import dev.realtime.ConnectRefused;
import dev.realtime.ErrorCode;
import dev.realtime.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Signed proof of who somebody is: made at login, shown to REST and to the socket. Thread-safe. */
final class Tokens {
    private static final String ISSUER = "arena";

    private final Algorithm algorithm;
    private final JWTVerifier verifier;
    private final Duration lifetime;
    private final InstantSource clock;

    /** @param secret at least 32 bytes */
    Tokens(byte[] secret, Duration lifetime, InstantSource clock) {
        this.algorithm = Algorithm.HMAC256(secret);
        this.verifier = JWT.require(algorithm)
                .withIssuer(ISSUER)
                .withClaimPresence("sub")
                .withClaimPresence("exp")
                .withClaimPresence(Game.NAME)
                .build();
        this.lifetime = lifetime;
        this.clock = clock;
    }

    String issue(String playerId, String name) {
        Instant now = clock.instant();
        return JWT.create()
                .withIssuer(ISSUER)
                .withSubject(playerId)
                .withClaim(Game.NAME, name)
                .withIssuedAt(now)
                .withExpiresAt(now.plus(lifetime))
                .sign(algorithm);
    }

    /** Whose token it is; empty if it is not ours, changed or over. */
    Optional<Player> verify(String token) {
        return decode(token)
                .map(jwt -> Player.newcomer(
                        jwt.getSubject(), jwt.getClaim(Game.NAME).asString()));
    }

    /** The same check for the socket, where the token is in the {@code auth} payload. */
    Authenticator authenticator() {
        return handshake -> handshake
                .auth("token")
                .map(token -> decode(token)
                        .map(jwt -> new Principal(
                                jwt.getSubject(),
                                Set.of(),
                                Set.of(),
                                Map.of(Game.NAME, jwt.getClaim(Game.NAME).asString()),
                                jwt.getExpiresAtAsInstant(),
                                false))
                        .orElseThrow(() -> new ConnectRefused(ErrorCode.UNAUTHORIZED)));
    }

    private Optional<DecodedJWT> decode(String token) {
        try {
            return Optional.of(verifier.verify(token));
        } catch (JWTVerificationException e) {
            return Optional.empty();
        }
    }
}
