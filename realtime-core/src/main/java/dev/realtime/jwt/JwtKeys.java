package dev.realtime.jwt;

import dev.realtime.Authenticator;
import dev.realtime.ErrorCode;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the public key that a token says it was signed with, see {@link JwtAuthenticator#keys}. Asked before the signature is checked, with
 * what anybody may have written: an implementation that fetches keys bounds how often, as {@link JwksKeys} does. Thread-safe; may block
 * as long as an {@link Authenticator} may.
 */
@FunctionalInterface
public interface JwtKeys {

    /**
     * @param keyId the token's {@code kid}, at most 256 characters; null when it names none
     * @param algorithm the token's {@code alg}, one of those that the authenticator accepts
     * @param at now, by the engine's clock
     * @return empty when there is no such key: the client is refused with {@link ErrorCode#UNAUTHORIZED}. Whatever is thrown is logged, and
     *     the client gets {@link ErrorCode#HANDLER_FAILED} and may try again
     */
    Optional<PublicKey> find(@Nullable String keyId, String algorithm, Instant at);
}
