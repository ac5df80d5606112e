package dev.realtime.internal.jwt;

import com.auth0.jwt.algorithms.Algorithm;
import dev.realtime.jwt.JwtKeys;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * By which algorithm and key a token has to be signed. What the token says of itself selects among what is configured and never adds
 * to it: {@code none} is not there to be selected, and a public key is never taken for a secret.
 */
public sealed interface SigningKeys {

    /**
     * @param algorithm what the token's header says, null when it says nothing
     * @param keyId likewise
     */
    Algorithm forToken(@Nullable String algorithm, @Nullable String keyId, Instant at) throws TokenRefusedException;

    /** One key, known beforehand. */
    static SigningKeys only(Algorithm algorithm) {
        return new Fixed(Map.of(algorithm.getName(), algorithm));
    }

    /** One public key, known beforehand, that may sign in several ways. */
    static SigningKeys only(PublicKey key, Set<JwtAlgorithm> accepted) {
        Map<String, Algorithm> byName = new TreeMap<>();
        accepted.forEach(algorithm -> byName.put(algorithm.name(), algorithm.with(key)));
        return new Fixed(Map.copyOf(byName));
    }

    /** Keys that are looked up. */
    static SigningKeys from(JwtKeys keys, Set<JwtAlgorithm> accepted) {
        return new LookedUp(keys, Set.copyOf(accepted));
    }

    /** Known beforehand. */
    record Fixed(Map<String, Algorithm> byName) implements SigningKeys {
        @Override
        public Algorithm forToken(@Nullable String algorithm, @Nullable String keyId, Instant at)
                throws TokenRefusedException {
            Algorithm found = algorithm == null ? null : byName.get(algorithm);
            if (found == null) {
                throw TokenRefusedException.because("its algorithm is not accepted");
            }
            return found;
        }

        @Override
        public String toString() {
            return byName.keySet().toString();
        }
    }

    /** Looked up per token. */
    record LookedUp(JwtKeys keys, Set<JwtAlgorithm> accepted) implements SigningKeys {
        private static final int MAX_KEY_ID = 256;

        @Override
        public Algorithm forToken(@Nullable String algorithm, @Nullable String keyId, Instant at)
                throws TokenRefusedException {
            JwtAlgorithm known = JwtAlgorithm.named(algorithm);
            if (known == null || !accepted.contains(known)) {
                throw TokenRefusedException.because("its algorithm is not accepted");
            }
            if (keyId != null && keyId.length() > MAX_KEY_ID) {
                throw TokenRefusedException.because("its key id is too long");
            }
            PublicKey key = keys.find(keyId, known.name(), at)
                    .orElseThrow(() -> TokenRefusedException.because("its key is not known"));
            if (!known.fits(key)) {
                throw TokenRefusedException.because("its key does not fit its algorithm");
            }
            return known.with(key);
        }

        @Override
        public String toString() {
            return accepted.toString();
        }
    }
}
