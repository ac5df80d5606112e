package dev.realtime.internal.jwt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A JSON Web Key Set (RFC 7517): its RSA and EC keys for signatures. Everything else in it is passed over, symmetric keys above all: what
 * can be read at an address is no secret.
 */
public final class JwkSet {
    private static final Logger LOG = LoggerFactory.getLogger(JwkSet.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_LENGTH = 1024 * 1024;
    private static final int MAX_KEYS = 256;
    private static final Map<String, String> CURVES =
            Map.of("P-256", "secp256r1", "P-384", "secp384r1", "P-521", "secp521r1");

    private final List<Jwk> keys;

    /** One key; {@code algorithm} null: any that fits. */
    private record Jwk(@Nullable String id, @Nullable String algorithm, PublicKey key) {
        boolean signs(JwtAlgorithm wanted) {
            return (algorithm == null || algorithm.equals(wanted.name())) && wanted.fits(key);
        }
    }

    private JwkSet(List<Jwk> keys) {
        this.keys = List.copyOf(keys);
    }

    /** @throws IllegalArgumentException when this is not a key set, or none of its keys is of use */
    public static JwkSet parse(String document) {
        if (document.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "a key set has at most " + MAX_LENGTH + " characters, but this one has " + document.length());
        }
        JsonNode entries = read(document).path("keys");
        if (!entries.isArray()) {
            throw new IllegalArgumentException(
                    "a key set is a JSON object with an array 'keys', but this document is not");
        }
        List<Jwk> keys = new ArrayList<>();
        int unreadable = 0;
        Exception why = null;
        for (int i = 0; i < Math.min(MAX_KEYS, entries.size()); i++) {
            JsonNode entry = entries.get(i);
            try {
                PublicKey key = forSignatures(entry) ? key(entry) : null;
                if (key != null) {
                    keys.add(new Jwk(text(entry, "kid"), text(entry, "alg"), key));
                }
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                unreadable++;
                why = e;
            }
        }
        if (why != null) { // one line, however many there are
            LOG.warn("{} of {} keys of a key set cannot be read and are passed over", unreadable, entries.size(), why);
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "none of the " + entries.size() + " keys in this set is an RSA or EC key for signatures");
        }
        return new JwkSet(keys);
    }

    /** @param id null: the token names no key; then there is one only if no other would fit */
    public Optional<PublicKey> find(@Nullable String id, JwtAlgorithm algorithm) {
        List<Jwk> fitting = keys.stream()
                .filter(key -> (id == null || id.equals(key.id())) && key.signs(algorithm))
                .toList();
        return fitting.size() == 1 ? Optional.of(fitting.get(0).key()) : Optional.empty();
    }

    private static JsonNode read(String document) {
        try {
            return JSON.readTree(document);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a key set is JSON, but this document is not", e);
        }
    }

    private static boolean forSignatures(JsonNode entry) {
        String use = text(entry, "use");
        JsonNode operations = entry.path("key_ops");
        boolean verifies = operations.isMissingNode();
        for (JsonNode operation : operations) {
            verifies |= operation.asText().equals("verify");
        }
        return (use == null || use.equals("sig")) && verifies;
    }

    private static @Nullable PublicKey key(JsonNode entry) throws GeneralSecurityException {
        return switch (entry.path("kty").asText()) {
            case "RSA" -> rsa(entry);
            case "EC" -> ec(entry);
            default -> null;
        };
    }

    private static PublicKey rsa(JsonNode entry) throws GeneralSecurityException {
        BigInteger modulus = number(entry, "n");
        if (modulus.bitLength() < JwtAlgorithm.MIN_RSA_BITS) {
            throw new IllegalArgumentException("an RSA key has at least " + JwtAlgorithm.MIN_RSA_BITS
                    + " bits, but this one has " + modulus.bitLength());
        }
        return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, number(entry, "e")));
    }

    private static @Nullable PublicKey ec(JsonNode entry) throws GeneralSecurityException {
        String curve = CURVES.get(entry.path("crv").asText());
        if (curve == null) {
            return null;
        }
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(curve));
        ECPoint point = new ECPoint(number(entry, "x"), number(entry, "y"));
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
    }

    private static BigInteger number(JsonNode entry, String name) {
        String text = text(entry, name);
        if (text == null) {
            throw new IllegalArgumentException("a key of this type has a text '" + name + "', but this one has none");
        }
        return new BigInteger(1, Base64.getUrlDecoder().decode(text));
    }

    private static @Nullable String text(JsonNode entry, String name) {
        return entry.path(name).isTextual() ? entry.path(name).textValue() : null;
    }
}
