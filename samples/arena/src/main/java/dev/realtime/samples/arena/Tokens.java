package dev.realtime.samples.arena;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTVerificationException;
import dev.realtime.Authenticator;
import dev.realtime.jwt.JwtAuthenticator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Signed proof of who somebody is: made at login, shown to REST and to the socket. Thread-safe. */
final class Tokens {
    private static final String ISSUER = "arena";

    private final byte[] secret;
    private final Algorithm algorithm;
    private final JWTVerifier verifier;
    private final Duration lifetime;
    private final InstantSource clock;

    /** @param secret at least 32 bytes */
    Tokens(byte[] secret, Duration lifetime, InstantSource clock) {
        this.secret = secret.clone();
        this.algorithm = Algorithm.HMAC256(secret);
        this.verifier = JWT.require(algorithm)
                .withIssuer(ISSUER)
                .withClaimPresence("sub")
                .withClaimPresence("exp")
                .withClaimPresence(Game.NAME)
                .withClaimPresence(Game.COLOUR)
                .build();
        this.lifetime = lifetime;
        this.clock = clock;
    }

    String issue(Player player) {
        Instant now = clock.instant();
        return JWT.create()
                .withIssuer(ISSUER)
                .withSubject(player.id())
                .withClaim(Game.NAME, player.name())
                .withClaim(Game.COLOUR, player.colour())
                .withIssuedAt(now)
                .withExpiresAt(now.plus(lifetime))
                .sign(algorithm);
    }

    /** For REST: whose token it is; empty if it is not ours, changed or over. */
    Optional<Player> verify(String token) {
        try {
            return Optional.of(verifier.verify(token))
                    .map(jwt -> Player.newcomer(
                            jwt.getSubject(),
                            jwt.getClaim(Game.NAME).asString(),
                            jwt.getClaim(Game.COLOUR).asString()));
        } catch (JWTVerificationException e) {
            return Optional.empty();
        }
    }

    /** For the socket, where the page shows the token in the {@code auth} payload. */
    Authenticator authenticator() {
        return JwtAuthenticator.hmac256(secret).issuer(ISSUER);
    }
}
