package dev.realtime.jwt;

import com.auth0.jwt.interfaces.DecodedJWT;
import dev.realtime.Authenticator;
import dev.realtime.ConnectRefusedException;
import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.Handshake;
import dev.realtime.NamespaceSetup;
import dev.realtime.Principal;
import dev.realtime.RealtimeBuilder;
import dev.realtime.internal.jwt.ClaimMapping;
import dev.realtime.internal.jwt.HmacSecret;
import dev.realtime.internal.jwt.JwtAlgorithm;
import dev.realtime.internal.jwt.SigningKeys;
import dev.realtime.internal.jwt.TokenRefusedException;
import dev.realtime.internal.jwt.TokenRules;
import dev.realtime.internal.jwt.TokenSource;
import dev.realtime.limits.Limits;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Believes JSON Web Tokens (RFC 7519).
 *
 * <pre>{@code
 * Realtime realtime = Realtime.builder()
 *     .authenticator(JwtAuthenticator.hmac256(secret).issuer("game").leeway(Duration.ofSeconds(10)))
 *     .namespace("/", game -> …)
 *     .build();
 *
 * // a client:  io(url, { auth: { token } })
 * // later:     socket.emit("auth:refresh", { token: newer }, reply => …)
 * }</pre>
 *
 * <p><b>Where a token is looked for</b>, in this order: the {@code token} field of the {@code auth} payload ({@link #authField}), the header
 * {@code Authorization: Bearer …}, and a query parameter if that was switched on ({@link #tokenFromQuery}). The first place that holds
 * something decides. A client that shows nothing has no credentials: namespaces with {@link NamespaceSetup#allowAnonymous()} let it in.
 *
 * <p><b>What is checked</b>: at most 8 KiB; an algorithm that was configured, whatever the token says of itself ({@code none} never is,
 * and a public key never serves as a secret); no {@code crit} header; the signature; {@code exp}, which must be there unless {@link
 * #allowEndless()}, {@code nbf} and {@code iat} by the engine's clock; {@code iss} and {@code aud} as configured. A token that names an
 * audience while none is configured was made for somebody else and is refused (RFC 7519 §4.1.3).
 *
 * <p><b>What becomes of it</b>: {@code sub} (1 to 256 characters, not blank, well-formed) is the {@link Principal#id()}; roles and permissions come
 * from their claims; {@code jti} (at most 256 characters) is the {@link Principal#tokenId()}, {@code iat} the {@link Principal#issuedAt()}; all
 * further claims, at most 64 and nested at most 16 deep, are {@link Principal#claims()}. The session is
 * disconnected at {@code exp} plus the leeway ({@link DisconnectReason#CREDENTIALS_EXPIRED}) unless it shows a newer token of the same
 * subject with the event {@code auth:refresh} before ({@link RealtimeBuilder#refreshEvent}).
 *
 * <p><b>What a refused client learns</b>: {@link ErrorCode#CREDENTIALS_EXPIRED} when nothing but the expiry is wrong, else {@link
 * ErrorCode#UNAUTHORIZED}. The engine's log says at INFO which check failed, within {@link
 * Limits#logLines()}. Neither ever holds the token or a claim's text.
 *
 * <p>Immutable, thread-safe; every option returns a new authenticator. Blocks only if its {@link JwtKeys} do.
 */
public final class JwtAuthenticator implements Authenticator {
    private final SigningKeys keys;
    private final TokenSource source;
    private final TokenRules rules;
    private final ClaimMapping mapping;

    private JwtAuthenticator(SigningKeys keys, TokenSource source, TokenRules rules, ClaimMapping mapping) {
        this.keys = keys;
        this.source = source;
        this.rules = rules;
        this.mapping = mapping;
    }

    private static JwtAuthenticator of(SigningKeys keys) {
        return new JwtAuthenticator(keys, TokenSource.DEFAULT, TokenRules.DEFAULT, ClaimMapping.DEFAULT);
    }

    // ---- who signs

    /**
     * Tokens signed with HS256.
     *
     * @param secret its UTF-8 bytes are the key
     * @throws IllegalArgumentException when it has less than 32 bytes (RFC 7518 §3.2)
     */
    public static JwtAuthenticator hmac256(String secret) {
        Objects.requireNonNull(secret, "secret");
        return hmac256(secret.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Tokens signed with HS256.
     *
     * @throws IllegalArgumentException when the secret has less than 32 bytes
     */
    public static JwtAuthenticator hmac256(byte[] secret) {
        Objects.requireNonNull(secret, "secret");
        return of(HmacSecret.HS256.of(secret));
    }

    /**
     * Tokens signed with HS384.
     *
     * @throws IllegalArgumentException when the secret has less than 48 bytes
     */
    public static JwtAuthenticator hmac384(String secret) {
        Objects.requireNonNull(secret, "secret");
        return hmac384(secret.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Tokens signed with HS384.
     *
     * @throws IllegalArgumentException when the secret has less than 48 bytes
     */
    public static JwtAuthenticator hmac384(byte[] secret) {
        Objects.requireNonNull(secret, "secret");
        return of(HmacSecret.HS384.of(secret));
    }

    /**
     * Tokens signed with HS512.
     *
     * @throws IllegalArgumentException when the secret has less than 64 bytes
     */
    public static JwtAuthenticator hmac512(String secret) {
        Objects.requireNonNull(secret, "secret");
        return hmac512(secret.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Tokens signed with HS512.
     *
     * @throws IllegalArgumentException when the secret has less than 64 bytes
     */
    public static JwtAuthenticator hmac512(byte[] secret) {
        Objects.requireNonNull(secret, "secret");
        return of(HmacSecret.HS512.of(secret));
    }

    /** Tokens signed with RS256 by the holder of this key. */
    public static JwtAuthenticator rsa(RSAPublicKey key) {
        Objects.requireNonNull(key, "key");
        return rsa(key, "RS256");
    }

    /**
     * Tokens signed by the holder of this key.
     *
     * @param algorithms of {@code RS256}, {@code RS384}, {@code RS512}, {@code PS256}, {@code PS384}, {@code PS512}
     * @throws IllegalArgumentException when the key has less than 2,048 bits or an algorithm is none of these
     */
    public static JwtAuthenticator rsa(RSAPublicKey key, String... algorithms) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(algorithms, "algorithms");
        return of(SigningKeys.only(key, JwtAlgorithm.allNamed(algorithms)));
    }

    /**
     * Tokens signed by the holder of this key with the algorithm that belongs to its curve: ES256, ES384 or ES512.
     *
     * @throws IllegalArgumentException when it is on another curve
     */
    public static JwtAuthenticator ec(ECPublicKey key) {
        Objects.requireNonNull(key, "key");
        for (JwtAlgorithm algorithm : JwtAlgorithm.values()) {
            if (algorithm.fits(key)) {
                return of(SigningKeys.only(key, Set.of(algorithm)));
            }
        }
        throw new IllegalArgumentException("an EC key is on P-256, P-384 or P-521, but this one is on a curve of "
                + key.getParams().getOrder().bitLength() + " bits");
    }

    /** Tokens signed with RS256 or ES256 by a key that is looked up. */
    public static JwtAuthenticator keys(JwtKeys keys) {
        Objects.requireNonNull(keys, "keys");
        return keys(keys, "RS256", "ES256");
    }

    /**
     * Tokens signed by a key that is looked up.
     *
     * @param algorithms of those of {@link #rsa(RSAPublicKey, String...)} and {@code ES256}, {@code ES384}, {@code ES512}
     * @throws IllegalArgumentException when an algorithm is none of these
     */
    public static JwtAuthenticator keys(JwtKeys keys, String... algorithms) {
        Objects.requireNonNull(keys, "keys");
        Objects.requireNonNull(algorithms, "algorithms");
        return of(SigningKeys.from(keys, JwtAlgorithm.allNamed(algorithms)));
    }

    // ---- what is demanded

    /** One of these must have issued the token ({@code iss}). Default: not checked. */
    public JwtAuthenticator issuer(String first, String... more) {
        return with(new TokenRules(list("issuer", first, more), rules.audiences(), rules.leeway(), rules.endless()));
    }

    /** The token must be meant for one of these ({@code aud}). Default: only tokens without an audience are accepted. */
    public JwtAuthenticator audience(String first, String... more) {
        return with(new TokenRules(rules.issuers(), list("audience", first, more), rules.leeway(), rules.endless()));
    }

    /**
     * How far the issuer's clock may be off, either way. Default: 0.
     *
     * @throws IllegalArgumentException unless whole seconds from 0 to 2 minutes
     */
    public JwtAuthenticator leeway(Duration leeway) {
        Objects.requireNonNull(leeway, "leeway");
        return with(new TokenRules(rules.issuers(), rules.audiences(), leeway, rules.endless()));
    }

    /** Accepts tokens without {@code exp}: their sessions last until somebody disconnects them. Default: refused. */
    public JwtAuthenticator allowEndless() {
        return with(new TokenRules(rules.issuers(), rules.audiences(), rules.leeway(), true));
    }

    // ---- what is read

    /**
     * The claim that holds the roles: a list of texts, or one text with spaces between them; a token that holds something else there is
     * refused. Default: {@code roles}.
     */
    public JwtAuthenticator rolesClaim(String name) {
        Objects.requireNonNull(name, "rolesClaim");
        return with(new ClaimMapping(List.of(name), mapping.permissions()));
    }

    /**
     * The claim that holds the permissions, in the same forms. Default: {@code permissions} and {@code scope} together; this replaces
     * both.
     */
    public JwtAuthenticator permissionsClaim(String name) {
        Objects.requireNonNull(name, "permissionsClaim");
        return with(new ClaimMapping(mapping.roles(), List.of(name)));
    }

    // ---- where it is looked for

    /** The field of the {@code auth} payload that holds the token. Default: {@code token}. */
    public JwtAuthenticator authField(String name) {
        Objects.requireNonNull(name, "authField");
        return with(new TokenSource(name, source.queryParameter()));
    }

    /**
     * Also accepts the token in this query parameter, for clients that can set neither payload nor headers. Off by default: addresses end up
     * in the logs of proxies and servers and in browsers' histories. This library logs no query; see to it that what stands in front of it
     * does not either, and issue tokens that live for seconds.
     */
    public JwtAuthenticator tokenFromQuery(String parameter) {
        Objects.requireNonNull(parameter, "tokenFromQuery");
        return with(new TokenSource(source.authField(), parameter));
    }

    @Override
    public Optional<Principal> authenticate(Handshake handshake) {
        Objects.requireNonNull(handshake, "handshake");
        try {
            Optional<String> shown = source.find(handshake);
            if (shown.isEmpty()) {
                return Optional.empty();
            }
            DecodedJWT token = rules.verify(shown.get(), keys, handshake.at());
            return Optional.of(mapping.principal(token, rules.end(token)));
        } catch (TokenRefusedException refused) {
            throw new ConnectRefusedException(refused.code(), refused);
        }
    }

    /** Names the accepted algorithms, and no key. */
    @Override
    public String toString() {
        return "JwtAuthenticator" + keys;
    }

    private JwtAuthenticator with(TokenRules changed) {
        return new JwtAuthenticator(keys, source, changed, mapping);
    }

    private JwtAuthenticator with(TokenSource changed) {
        return new JwtAuthenticator(keys, changed, rules, mapping);
    }

    private JwtAuthenticator with(ClaimMapping changed) {
        return new JwtAuthenticator(keys, source, rules, changed);
    }

    private static List<String> list(String option, String first, String... more) {
        List<String> all = new ArrayList<>();
        all.add(Objects.requireNonNull(first, option));
        for (String other : Objects.requireNonNull(more, option)) {
            all.add(Objects.requireNonNull(other, option));
        }
        return all;
    }
}
