package dev.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import dev.realtime.jwt.JwksKeys;
import dev.realtime.jwt.JwtAuthenticator;
import dev.realtime.transport.OpeningRequest;
import dev.realtime.transport.Transport;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class JwtJwksKeysTest {
    private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
    private static final KeyPair RSA = rsa(2048);
    private static final KeyPair P256 = ec("secp256r1");
    private static final KeyPair P384 = ec("secp384r1");
    private static final KeyPair P521 = ec("secp521r1");

    private String document = set(jwk("r", RSA), jwk("e", P256));
    private int readings;
    private final JwksKeys keys = JwksKeys.from(() -> {
        readings++;
        if (document == null) {
            throw new IllegalStateException("no route");
        }
        return document;
    });

    @Test
    void theKeysOfTheSetVerifyTokens() {
        document = set(jwk("r", RSA), jwk("e", P256), jwk("f", P384), jwk("g", P521));
        JwtAuthenticator authenticator = JwtAuthenticator.keys(keys, "RS256", "ES256", "ES384", "ES512");
        assertThat(accepts(authenticator, "r", Algorithm.RSA256(null, (RSAPrivateKey) RSA.getPrivate())))
                .isTrue();
        assertThat(accepts(authenticator, "e", Algorithm.ECDSA256(null, (ECPrivateKey) P256.getPrivate())))
                .isTrue();
        assertThat(accepts(authenticator, "f", Algorithm.ECDSA384(null, (ECPrivateKey) P384.getPrivate())))
                .isTrue();
        assertThat(accepts(authenticator, "g", Algorithm.ECDSA512(null, (ECPrivateKey) P521.getPrivate())))
                .isTrue();
        assertThat(accepts(authenticator, "r", Algorithm.RSA256(null, (RSAPrivateKey)
                        rsa(2048).getPrivate())))
                .isFalse();
        assertThat(readings).isEqualTo(1);
    }

    @Test
    void aKeyIsFoundByIdAndAlgorithm() {
        assertThat(find("r", "RS256", NOW)).contains(RSA.getPublic());
        assertThat(find("r", "PS512", NOW)).contains(RSA.getPublic());
        assertThat(find("r", "ES256", NOW)).isEmpty();
        assertThat(find("e", "ES256", NOW)).isPresent();
        assertThat(find("e", "ES384", NOW)).isEmpty();
        assertThat(find("r", "HS256", NOW)).isEmpty();
        assertThat(find("r", "none", NOW)).isEmpty();
    }

    @Test
    void aTokenWithoutAKeyIdFitsOnlyIfOneKeyDoes() {
        assertThat(find(null, "RS256", NOW)).contains(RSA.getPublic());
        document = set(jwk("r", RSA), jwk("s", rsa(2048)));
        assertThat(find(null, "RS256", NOW.plusSeconds(3600))).isEmpty();
    }

    @Test
    void anUnknownKeyIdIsLookedForOnceAMinute() {
        assertThat(find("new", "RS256", NOW)).isEmpty();
        document = set(jwk("new", RSA));
        for (int second = 1; second < 60; second++) {
            assertThat(find("new", "RS256", NOW.plusSeconds(second))).isEmpty();
            assertThat(find("guess" + second, "RS256", NOW.minusSeconds(second)))
                    .isEmpty();
        }
        assertThat(readings).isEqualTo(1);
        assertThat(find("new", "RS256", NOW.plusSeconds(60))).isPresent();
        assertThat(readings).isEqualTo(2);
    }

    @Test
    void knownKeysAreNotReadAgainBeforeTheirAge() {
        find("r", "RS256", NOW);
        assertThat(find("r", "RS256", NOW.plusSeconds(899))).isPresent();
        assertThat(readings).isEqualTo(1);
        document = set(jwk("other", RSA));
        assertThat(find("r", "RS256", NOW.plusSeconds(900))).as("withdrawn").isEmpty();
        assertThat(readings).isEqualTo(2);
        JwksKeys short1 = keys.maxAge(Duration.ofMinutes(2));
        assertThat(short1.find("other", "RS256", NOW)).isPresent();
        document = set(jwk("r", RSA));
        assertThat(short1.find("other", "RS256", NOW.plusSeconds(120))).isEmpty();
        assertThatThrownBy(() -> keys.maxAge(Duration.ofSeconds(59))).hasMessageContaining("at least PT1M");
    }

    @Test
    void aFailedReadingKeepsTheLastKeysAndIsTriedAgainAfterAMinute() {
        find("r", "RS256", NOW);
        document = null;
        assertThat(find("r", "RS256", NOW.plusSeconds(900))).isPresent();
        assertThat(find("r", "RS256", NOW.plusSeconds(959))).isPresent();
        assertThat(readings).isEqualTo(2);
        document = set(jwk("other", RSA));
        assertThat(find("r", "RS256", NOW.plusSeconds(960))).isEmpty();
        assertThat(readings).isEqualTo(3);
    }

    @Test
    void withoutAnyKeysItIsTheServersFault() {
        for (String bad : new String[] {null, "", "not json", "[]", "{}", "{\"keys\":[]}", "{\"keys\":[7,null]}"}) {
            document = bad;
            JwksKeys fresh = keys.maxAge(Duration.ofMinutes(1));
            assertThatThrownBy(() -> fresh.find("r", "RS256", NOW))
                    .as("%s", bad)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("could not be read");
        }
    }

    @Test
    void keysThatAreNotForSignaturesAreUnknownOrWeakArePassedOver() {
        String encryption = jwk("enc", RSA).replace("{\"kid\"", "{\"use\":\"enc\",\"kid\"");
        String wraps = jwk("ops", RSA).replace("{\"kid\"", "{\"key_ops\":[\"wrapKey\"],\"kid\"");
        String verifies = jwk("sig", RSA).replace("{\"kid\"", "{\"use\":\"sig\",\"key_ops\":[\"verify\"],\"kid\"");
        String fixed = jwk("fixed", RSA).replace("{\"kid\"", "{\"alg\":\"RS512\",\"kid\"");
        String symmetric = "{\"kid\":\"oct\",\"kty\":\"oct\",\"k\":\"" + "A".repeat(43) + "\"}";
        String broken = "{\"kid\":\"broken\",\"kty\":\"RSA\",\"n\":\"***\",\"e\":\"AQAB\"}";
        String curve = jwk("curve", P256).replace("P-256", "secp256k1");
        document = set(encryption, wraps, symmetric, broken, curve, "7", jwk("weak", rsa(1024)), verifies, fixed);
        for (String passedOver : new String[] {"enc", "ops", "oct", "broken", "curve", "weak"}) {
            assertThat(find(passedOver, "RS256", NOW)).as(passedOver).isEmpty();
            assertThat(find(passedOver, "ES256", NOW)).as(passedOver).isEmpty();
        }
        assertThat(find("sig", "RS256", NOW)).isPresent();
        assertThat(find("fixed", "RS256", NOW)).isEmpty();
        assertThat(find("fixed", "RS512", NOW)).isPresent();
        assertThat(readings).isEqualTo(1);
    }

    @Test
    void whoeverComesDuringAReadingWaitsForItAndDoesNotReadAgain() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<String> fetched = new CompletableFuture<>();
        JwksKeys slow = JwksKeys.from(() -> {
            readings++;
            reading.countDown();
            return fetched.join();
        });
        Thread first = new Thread(() -> slow.find("r", "RS256", NOW));
        first.start();
        reading.await();
        CompletableFuture<Boolean> found = new CompletableFuture<>();
        Thread second = new Thread(
                () -> found.complete(slow.find("r", "RS256", NOW.minusMillis(1)).isPresent()));
        second.start();
        fetched.complete(document);
        first.join();
        second.join();
        assertThat(found).isCompletedWithValue(true);
        assertThat(readings).isEqualTo(1);
    }

    private Optional<java.security.PublicKey> find(String id, String algorithm, Instant at) {
        return keys.find(id, algorithm, at);
    }

    private static boolean accepts(JwtAuthenticator authenticator, String keyId, Algorithm algorithm) {
        String token = JWT.create()
                .withKeyId(keyId)
                .withSubject("ann")
                .withExpiresAt(NOW.plusSeconds(60))
                .sign(algorithm);
        OpeningRequest request = OpeningRequest.of(Transport.WEBSOCKET, "/", Map.of(), Map.of(), "::1", true);
        try {
            return authenticator
                    .authenticate(new Handshake("/", request, Map.of("token", token), NOW))
                    .isPresent();
        } catch (ConnectRefusedException refused) {
            return false;
        }
    }

    private static String set(String... keys) {
        return "{\"keys\":[" + String.join(",", keys) + "]}";
    }

    private static String jwk(String id, KeyPair pair) {
        if (pair.getPublic() instanceof RSAPublicKey key) {
            return "{\"kid\":\"%s\",\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"}"
                    .formatted(id, number(key.getModulus()), number(key.getPublicExponent()));
        }
        ECPublicKey key = (ECPublicKey) pair.getPublic();
        int bits = key.getParams().getOrder().bitLength();
        return "{\"kid\":\"%s\",\"kty\":\"EC\",\"crv\":\"P-%d\",\"x\":\"%s\",\"y\":\"%s\"}"
                .formatted(
                        id,
                        bits,
                        number(key.getW().getAffineX()),
                        number(key.getW().getAffineY()));
    }

    private static String number(BigInteger value) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(value.toByteArray());
    }

    private static KeyPair rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair ec(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
