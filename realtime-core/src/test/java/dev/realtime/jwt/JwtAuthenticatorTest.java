package dev.realtime.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import dev.realtime.ConnectRefusedException;
import dev.realtime.Handshake;
import dev.realtime.Principal;
import dev.realtime.transport.OpeningRequest;
import dev.realtime.transport.Transport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class JwtAuthenticatorTest {
    private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
    private static final String SECRET = "a secret of more than thirty-two bytes";
    private static final Algorithm HS256 = Algorithm.HMAC256(SECRET);
    private static final JwtAuthenticator JWT256 = JwtAuthenticator.hmac256(SECRET);
    private static final KeyPair RSA = pair("RSA", "2048");
    private static final KeyPair EC = pair("EC", "secp256r1");

    // ---- a good token

    @Test
    void aGoodTokenSaysWhoTheClientIs() {
        Principal ann = principal(
                JWT256,
                HS256,
                token -> token.withClaim("roles", List.of("admin", "player"))
                        .withClaim("permissions", List.of("chat.global"))
                        .withClaim("scope", "chat.zone  trade")
                        .withClaim("level", 7)
                        .withClaim("guild", Map.of("name", "Owls", "ranks", List.of(1, 2))));
        assertThat(ann.id()).isEqualTo("ann");
        assertThat(ann.anonymous()).isFalse();
        assertThat(ann.roles()).containsExactlyInAnyOrder("admin", "player");
        assertThat(ann.permissions()).containsExactlyInAnyOrder("chat.global", "chat.zone", "trade");
        assertThat(ann.expiresAt()).contains(NOW.plusSeconds(600));
        assertThat(ann.claims()).isEqualTo(Map.of("level", 7, "guild", Map.of("name", "Owls", "ranks", List.of(1, 2))));
        assertThatThrownBy(() -> ((Map<?, ?>) ann.claims().get("guild")).clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aTokenIsKnownByItsIdAndByWhenItWasIssued() {
        Principal ann = principal(JWT256, HS256, token -> token.withJWTId("t-1").withIssuedAt(NOW.minusSeconds(30)));
        assertThat(ann.tokenId()).contains("t-1");
        assertThat(ann.issuedAt()).contains(NOW.minusSeconds(30));
        assertThat(ann.claims()).isEmpty();
        Principal bob = principal(JWT256, HS256, token -> token.withJWTId(""));
        assertThat(bob.tokenId()).isEmpty();
        assertThat(bob.issuedAt()).isEmpty();
    }

    @Test
    void anIdByWhichATokenCouldNotBeRevokedIsRefused() {
        refuses(JWT256, token(HS256, token -> token.withClaim("jti", 7)));
        refuses(JWT256, token(HS256, token -> token.withJWTId("x".repeat(257))));
    }

    @Test
    void theNamesOfTheClaimsCanBeChosen() {
        Principal ann = principal(
                JWT256.rolesClaim("groups").permissionsClaim("rights"),
                HS256,
                token -> token.withClaim("groups", "a b")
                        .withClaim("rights", List.of("fly"))
                        .withClaim("scope", "swim"));
        assertThat(ann.roles()).containsExactlyInAnyOrder("a", "b");
        assertThat(ann.permissions()).containsExactly("fly");
        assertThat(ann.claims()).containsOnlyKeys("scope");
    }

    @Test
    void rolesThatAreNoTextsAreRefusedInsteadOfIgnored() {
        refuses(JWT256, token(HS256, token -> token.withClaim("roles", 7)));
        refuses(JWT256, token(HS256, token -> token.withClaim("scope", Map.of("chat", true))));
    }

    @Test
    void aTokenWithoutASubjectIsNobodys() {
        refuses(JWT256, token(HS256, token -> token.withSubject(null)));
        refuses(JWT256, token(HS256, token -> token.withSubject("")));
        refuses(JWT256, token(HS256, token -> token.withSubject(" ")));
        refuses(JWT256, token(HS256, token -> token.withSubject("x".repeat(257))));
        assertThat(principal(JWT256, HS256, token -> token.withSubject("x".repeat(256)))
                        .id())
                .hasSize(256);
    }

    @Test
    void claimsAreBoundedInNumberAndDepth() {
        refuses(JWT256, token(HS256, token -> {
            for (int i = 0; i < 65; i++) {
                token.withClaim("c" + i, i);
            }
            return token;
        }));
        String deep = "{\"sub\":\"ann\",\"exp\":%d,\"x\":%s}";
        long exp = NOW.plusSeconds(600).getEpochSecond();
        refuses(JWT256, signed(HS256, "HS256", deep.formatted(exp, "[".repeat(17) + "]".repeat(17))));
        assertThat(authenticate(JWT256, signed(HS256, "HS256", deep.formatted(exp, "[".repeat(16) + "]".repeat(16)))))
                .isPresent();
        refuses(JWT256, signed(HS256, "HS256", deep.formatted(exp, "[".repeat(2000) + "]".repeat(2000))));
    }

    // ---- where it is

    @Test
    void theAuthPayloadGoesBeforeTheHeaderAndTheHeaderBeforeTheQuery() {
        JwtAuthenticator all = JWT256.tokenFromQuery("token");
        String ann = good("ann");
        String bob = good("bob");
        String cat = good("cat");
        assertThat(id(all, shown(Map.of("token", ann), "Bearer " + bob, Map.of("token", List.of(cat)))))
                .contains("ann");
        assertThat(id(all, shown(Map.of(), "Bearer " + bob, Map.of("token", List.of(cat)))))
                .contains("bob");
        assertThat(id(all, shown(Map.of(), null, Map.of("token", List.of(cat)))))
                .contains("cat");
        assertThat(id(all, shown(Map.of(), null, Map.of()))).isEmpty();
    }

    @Test
    void aBadTokenInFrontIsNotMadeGoodByAnotherBehindIt() {
        refuses(JWT256, shown(Map.of("token", "bad"), "Bearer " + good("ann"), Map.of()));
        refuses(JWT256, shown(Map.of("token", ""), "Bearer " + good("ann"), Map.of()));
        refuses(JWT256, shown(Map.of("token", 7), "Bearer " + good("ann"), Map.of()));
        refuses(JWT256.tokenFromQuery("t"), shown(Map.of(), "Bearer", Map.of("t", List.of(good("ann")))));
    }

    @Test
    void theQueryIsNotLookedAtUnlessAskedFor() {
        Handshake query = shown(Map.of(), null, Map.of("token", List.of(good("ann"))));
        assertThat(id(JWT256, query)).isEmpty();
        assertThat(id(JWT256.tokenFromQuery("token"), query)).contains("ann");
        assertThat(id(JWT256.tokenFromQuery("jwt"), query)).isEmpty();
    }

    @Test
    void theFieldOfThePayloadCanBeChosen() {
        assertThat(id(JWT256.authField("jwt"), shown(Map.of("jwt", good("ann")), null, Map.of())))
                .contains("ann");
        assertThat(id(JWT256.authField("jwt"), shown(Map.of("token", good("ann")), null, Map.of())))
                .isEmpty();
        assertThatThrownBy(() -> JWT256.authField("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theHeadersSchemeIsReadInAnyCaseAndOthersAreNotOurs() {
        assertThat(id(JWT256, shown(Map.of(), "bearer  " + good("ann"), Map.of())))
                .contains("ann");
        assertThat(id(JWT256, shown(Map.of(), "Basic YTpi", Map.of()))).isEmpty();
        assertThat(id(JWT256, shown(Map.of(), "Bearerish x", Map.of()))).isEmpty();
        OpeningRequest twice = OpeningRequest.of(
                Transport.WEBSOCKET,
                "/",
                Map.of(),
                Map.of("authorization", List.of("Bearer " + good("ann"), "Bearer " + good("bob"))),
                "::1",
                true);
        refuses(JWT256, new Handshake("/", twice, Map.of(), NOW));
    }

    // ---- algorithm and signature

    @Test
    void algorithmNoneIsRefusedInAnySpelling() {
        refuses(JWT256, token(Algorithm.none(), token -> token));
        String payload = "{\"sub\":\"ann\",\"exp\":4102444800}";
        for (String name : new String[] {"none", "None", "NONE", "nOnE", ""}) {
            refuses(JWT256, encoded("{\"alg\":\"" + name + "\"}") + "." + encoded(payload) + ".");
            refuses(JwtAuthenticator.rsa(rsa()), encoded("{\"alg\":\"" + name + "\"}") + "." + encoded(payload) + ".");
        }
        refuses(JWT256, encoded("{}") + "." + encoded(payload) + ".");
    }

    @Test
    void aPublicKeyIsNeverASecret() {
        byte[] der = rsa().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END PUBLIC KEY-----\n";
        JwtKeys any = (id, algorithm, at) -> Optional.of(rsa());
        for (Algorithm forged : List.of(Algorithm.HMAC256(der), Algorithm.HMAC256(pem))) {
            refuses(JwtAuthenticator.rsa(rsa()), token(forged, token -> token));
            refuses(JwtAuthenticator.keys(any), token(forged, token -> token));
        }
        assertThatThrownBy(() -> JwtAuthenticator.keys(any, "RS256", "HS256"))
                .hasMessageContaining("'HS256' is not a signature by public key");
        assertThatThrownBy(() -> JwtAuthenticator.keys(any, "none")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onlyTheConfiguredAlgorithmIsAccepted() {
        byte[] secret = "x".repeat(64).getBytes(StandardCharsets.UTF_8);
        assertThat(authenticate(JwtAuthenticator.hmac256(secret), token(Algorithm.HMAC256(secret), token -> token)))
                .isPresent();
        refuses(JwtAuthenticator.hmac256(secret), token(Algorithm.HMAC512(secret), token -> token));
        assertThat(authenticate(JwtAuthenticator.hmac384(secret), token(Algorithm.HMAC384(secret), token -> token)))
                .isPresent();
        assertThat(authenticate(JwtAuthenticator.hmac512(secret), token(Algorithm.HMAC512(secret), token -> token)))
                .isPresent();
        String rs512 = token(Algorithm.RSA512(null, (RSAPrivateKey) RSA.getPrivate()), token -> token);
        refuses(JwtAuthenticator.rsa(rsa()), rs512);
        assertThat(authenticate(JwtAuthenticator.rsa(rsa(), "RS256", "RS512"), rs512))
                .isPresent();
    }

    @Test
    void rsaAndEcKeysVerify() {
        String rs256 = token(Algorithm.RSA256(null, (RSAPrivateKey) RSA.getPrivate()), token -> token);
        assertThat(authenticate(JwtAuthenticator.rsa(rsa()), rs256)).isPresent();
        refuses(JwtAuthenticator.rsa((RSAPublicKey) pair("RSA", "2048").getPublic()), rs256);
        String es256 = token(Algorithm.ECDSA256(null, (ECPrivateKey) EC.getPrivate()), token -> token);
        assertThat(authenticate(JwtAuthenticator.ec((ECPublicKey) EC.getPublic()), es256))
                .isPresent();
        refuses(JwtAuthenticator.ec((ECPublicKey) pair("EC", "secp256r1").getPublic()), es256);
        refuses(JwtAuthenticator.ec((ECPublicKey) pair("EC", "secp384r1").getPublic()), es256);
        String ps256 = token(Algorithm.RSA256PSS(null, (RSAPrivateKey) RSA.getPrivate()), token -> token);
        assertThat(authenticate(JwtAuthenticator.rsa(rsa(), "PS256"), ps256)).isPresent();
    }

    @Test
    void aSignatureOfNothingButZerosIsNoSignature() {
        String es256 = token(Algorithm.ECDSA256(null, (ECPrivateKey) EC.getPrivate()), token -> token);
        String zeros = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64]);
        refuses(
                JwtAuthenticator.ec((ECPublicKey) EC.getPublic()),
                es256.substring(0, es256.lastIndexOf('.') + 1) + zeros);
    }

    @Test
    void anotherSecretAndAChangedPayloadAreRefused() {
        refuses(JWT256, token(Algorithm.HMAC256("another secret of more than 32 bytes!"), token -> token));
        String[] parts = good("ann").split("\\.", -1);
        refuses(JWT256, parts[0] + "." + encoded("{\"sub\":\"admin\",\"exp\":4102444800}") + "." + parts[2]);
        refuses(JWT256, parts[0] + "." + parts[1] + ".");
        refuses(JWT256, parts[0] + "." + parts[1]);
    }

    @Test
    void aKeyThatIsLookedUpMustFitTheAlgorithm() {
        String rs256 = token(Algorithm.RSA256(null, (RSAPrivateKey) RSA.getPrivate()), token -> token.withKeyId("k1"));
        JwtKeys byId = (id, algorithm, at) -> {
            assertThat(algorithm).isEqualTo("RS256");
            assertThat(at).isEqualTo(NOW);
            return "k1".equals(id) ? Optional.of(rsa()) : Optional.empty();
        };
        assertThat(authenticate(JwtAuthenticator.keys(byId), rs256)).isPresent();
        refuses(
                JwtAuthenticator.keys(byId),
                token(Algorithm.RSA256(null, (RSAPrivateKey) RSA.getPrivate()), token -> token.withKeyId("k2")));
        PublicKey ec = EC.getPublic();
        refuses(JwtAuthenticator.keys((id, algorithm, at) -> Optional.of(ec)), rs256);
    }

    @Test
    void aKeySourceThatFailsIsNotTheClientsFault() {
        String rs256 = token(Algorithm.RSA256(null, (RSAPrivateKey) RSA.getPrivate()), token -> token);
        JwtAuthenticator broken = JwtAuthenticator.keys((id, algorithm, at) -> {
            throw new IllegalStateException("no route");
        });
        assertThatThrownBy(() -> authenticate(broken, rs256)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void weakKeysAreRefusedAtTheStart() {
        assertThatThrownBy(() -> JwtAuthenticator.hmac256("hush"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 32 bytes")
                .hasMessageContaining("has 4")
                .hasMessageNotContaining("hush");
        assertThatThrownBy(() -> JwtAuthenticator.hmac256(new byte[31])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JwtAuthenticator.hmac384("x".repeat(47))).hasMessageContaining("at least 48 bytes");
        assertThatThrownBy(() -> JwtAuthenticator.hmac512("x".repeat(63))).hasMessageContaining("at least 64 bytes");
        assertThatThrownBy(() ->
                        JwtAuthenticator.rsa((RSAPublicKey) pair("RSA", "1024").getPublic()))
                .hasMessageContaining("at least 2048 bits");
    }

    // ---- claims

    @Test
    void aTokenIsGoodUntilTheSecondItExpires() {
        UnaryOperator<JWTCreator.Builder> ends = token -> token.withExpiresAt(NOW);
        assertThat(JWT256.authenticate(at(NOW.minusSeconds(1), token(HS256, ends))))
                .isPresent();
        assertThat(refusal(JWT256, at(NOW, token(HS256, ends)))).isEqualTo("credentials_expired");
        assertThat(refusal(JWT256, at(NOW.plusSeconds(1), token(HS256, ends)))).isEqualTo("credentials_expired");
    }

    @Test
    void leewayForgivesAClockThatIsOffAndMovesTheEndOfTheSession() {
        JwtAuthenticator lenient = JWT256.leeway(Duration.ofSeconds(30));
        String ended = token(HS256, token -> token.withExpiresAt(NOW.minusSeconds(20)));
        assertThat(authenticate(lenient, ended).orElseThrow().expiresAt()).contains(NOW.plusSeconds(10));
        assertThat(refusal(lenient, at(NOW.plusSeconds(10), ended))).isEqualTo("credentials_expired");
        assertThat(authenticate(lenient, token(HS256, token -> token.withNotBefore(NOW.plusSeconds(30)))))
                .isPresent();
        refuses(lenient, token(HS256, token -> token.withNotBefore(NOW.plusSeconds(31))));
        for (Duration wrong : List.of(Duration.ofSeconds(121), Duration.ofSeconds(-1), Duration.ofMillis(1500))) {
            assertThatThrownBy(() -> JWT256.leeway(wrong)).hasMessageContaining("whole seconds from 0 to 120");
        }
    }

    @Test
    void aTokenMustExpireUnlessEndlessOnesAreAllowed() {
        String endless = token(HS256, token -> token.withExpiresAt((Instant) null));
        refuses(JWT256, endless);
        assertThat(authenticate(JWT256.allowEndless(), endless).orElseThrow().expiresAt())
                .isEmpty();
        refuses(JWT256.allowEndless(), token(HS256, token -> token.withExpiresAt(NOW.minusSeconds(1))));
    }

    @Test
    void anExpiryInMillisecondsOrOutOfRangeIsRefused() {
        for (String exp : List.of(
                String.valueOf(NOW.plusSeconds(60).toEpochMilli()),
                "9223372036854775807",
                "-9223372036854775808",
                "1e300",
                "\"4102444800\"",
                "true",
                "[]",
                "null")) {
            refuses(JWT256, signed(HS256, "HS256", "{\"sub\":\"ann\",\"exp\":" + exp + "}"));
        }
    }

    @Test
    void aTokenFromTheFutureIsRefused() {
        refuses(JWT256, token(HS256, token -> token.withNotBefore(NOW.plusSeconds(1))));
        refuses(JWT256, token(HS256, token -> token.withIssuedAt(NOW.plusSeconds(1))));
        assertThat(authenticate(
                        JWT256, token(HS256, token -> token.withNotBefore(NOW).withIssuedAt(NOW))))
                .isPresent();
    }

    @Test
    void theIssuerMustBeOneOfThoseConfigured() {
        JwtAuthenticator game = JWT256.issuer("game", "game-2");
        assertThat(authenticate(game, token(HS256, token -> token.withIssuer("game-2"))))
                .isPresent();
        refuses(game, token(HS256, token -> token.withIssuer("evil")));
        refuses(game, token(HS256, token -> token));
    }

    @Test
    void theAudienceMustBeOneOfThoseConfiguredAndNoneWhereNoneIs() {
        JwtAuthenticator chat = JWT256.audience("chat", "game");
        assertThat(authenticate(chat, token(HS256, token -> token.withAudience("web", "game"))))
                .isPresent();
        refuses(chat, token(HS256, token -> token.withAudience("bank")));
        refuses(chat, token(HS256, token -> token));
        refuses(JWT256, token(HS256, token -> token.withAudience("bank")));
    }

    @Test
    void optionsDoNotChangeTheAuthenticatorTheyAreCalledOn() {
        JWT256.issuer("game");
        JWT256.audience("game");
        JWT256.allowEndless();
        JWT256.tokenFromQuery("token");
        assertThat(authenticate(JWT256, good("ann"))).isPresent();
        refuses(JWT256, token(HS256, token -> token.withExpiresAt((Instant) null)));
    }

    @Test
    void rubbishAndOversizedTokensAreRefused() {
        for (String rubbish : List.of(
                "",
                ".",
                "..",
                "...",
                "a.b.c",
                "\u0000",
                "ü.ü.ü",
                encoded("[]") + "." + encoded("[]") + ".x",
                encoded("null") + "." + encoded("null") + ".x",
                encoded("{\"alg\":7}") + "." + encoded("{}") + ".x")) {
            refuses(JWT256, rubbish);
        }
        String large = token(HS256, token -> token.withClaim("x", "x".repeat(6100)));
        assertThat(large.length()).isGreaterThan(8192);
        refuses(JWT256, large);
        String fits = token(HS256, token -> token.withClaim("x", "x".repeat(5900)));
        assertThat(fits.length()).isBetween(7900, 8192);
        assertThat(authenticate(JWT256, fits)).isPresent();
    }

    @Test
    void criticalHeadersAreNotUnderstoodAndRefused() {
        refuses(JWT256, token(HS256, token -> token.withHeader(Map.of("crit", List.of("exp2")))));
    }

    // ---- what is told

    @Test
    void neitherTheClientNorTheLogNorAnyTextHoldsTheToken() {
        String forgedRole = "root\r\nINFO all is well";
        List<String> tokens = List.of(
                "rubbish-that-nobody-may-see",
                token(Algorithm.none(), token -> token.withSubject(forgedRole)),
                token(HS256, token -> token.withIssuer(forgedRole)),
                token(
                        HS256,
                        token -> token.withIssuer("game\r\nissuer")
                                .withClaim(forgedRole, 1)
                                .withClaim("roles", 7)),
                token(HS256, token -> token.withIssuer("game\r\nissuer").withExpiresAt(NOW.minusSeconds(1))),
                token(Algorithm.HMAC256("another secret of more than 32 bytes!"), token -> token),
                token(
                        Algorithm.HMAC256(SECRET),
                        token -> token.withKeyId(forgedRole).withAudience(forgedRole)));
        StringBuilder told = new StringBuilder();
        StringBuilder why = new StringBuilder(); // the engine logs it
        String log = logOf(() -> {
            for (String token : tokens) {
                JwtAuthenticator all = JWT256.tokenFromQuery("token").issuer("game\r\nissuer");
                for (Handshake handshake : List.of(
                        shown(Map.of("token", token), null, Map.of()),
                        shown(Map.of(), "Bearer " + token, Map.of()),
                        shown(Map.of(), null, Map.of("token", List.of(token))))) {
                    ConnectRefusedException refused =
                            catchThrowableOfType(ConnectRefusedException.class, () -> all.authenticate(handshake));
                    assertThat(refused.data()).containsOnlyKeys("code");
                    why.append(refused.getCause().getMessage());
                    told.append(refused).append(refused.data()).append(handshake);
                }
            }
        });
        assertThat(log).isEmpty();
        assertThat(why).doesNotContain("root", "all is well", SECRET).contains("its signature is wrong");
        for (String token : tokens) {
            assertThat(why).doesNotContain(token);
            assertThat(told).doesNotContain(token);
        }
        assertThat(told).doesNotContain("root").doesNotContain("issuer").doesNotContain("signature");
        assertThat(JWT256.toString()).isEqualTo("JwtAuthenticator[HS256]");
    }

    @Test
    void requestsAndHandshakesShowNeitherQueryNorHeaders() {
        OpeningRequest request = OpeningRequest.of(
                Transport.WEBSOCKET,
                "/socket.io/",
                Map.of("token", List.of("queried")),
                Map.of("authorization", List.of("Bearer headed")),
                "10.0.0.9",
                false);
        Handshake handshake = new Handshake("/", request, Map.of("token", "paid"), NOW);
        assertThat(request + " " + handshake)
                .contains("10.0.0.9")
                .doesNotContain("queried", "headed", "paid", "token", "Bearer");
    }

    // ---- words

    private static Optional<Principal> authenticate(JwtAuthenticator authenticator, String token) {
        return authenticator.authenticate(at(NOW, token));
    }

    private static Principal principal(
            JwtAuthenticator authenticator, Algorithm algorithm, UnaryOperator<JWTCreator.Builder> more) {
        return authenticate(authenticator, token(algorithm, more)).orElseThrow();
    }

    private static Optional<String> id(JwtAuthenticator authenticator, Handshake handshake) {
        return authenticator.authenticate(handshake).map(Principal::id);
    }

    private static void refuses(JwtAuthenticator authenticator, String token) {
        refuses(authenticator, at(NOW, token));
    }

    private static void refuses(JwtAuthenticator authenticator, Handshake handshake) {
        assertThat(refusal(authenticator, handshake)).isIn("unauthorized", "credentials_expired");
    }

    private static String refusal(JwtAuthenticator authenticator, Handshake handshake) {
        ConnectRefusedException refused =
                catchThrowableOfType(ConnectRefusedException.class, () -> authenticator.authenticate(handshake));
        assertThat(refused).as("refusal").isNotNull();
        return String.valueOf(refused.data().get("code"));
    }

    private static Handshake at(Instant moment, String token) {
        return new Handshake("/", request(null, Map.of()), Map.of("token", token), moment);
    }

    private static Handshake shown(Map<String, Object> auth, String header, Map<String, List<String>> query) {
        return new Handshake("/", request(header, query), auth, NOW);
    }

    private static OpeningRequest request(String authorization, Map<String, List<String>> query) {
        Map<String, List<String>> headers =
                authorization == null ? Map.of() : Map.of("authorization", List.of(authorization));
        return OpeningRequest.of(Transport.WEBSOCKET, "/socket.io/", query, headers, "10.0.0.9", true);
    }

    private static String good(String subject) {
        return token(HS256, token -> token.withSubject(subject));
    }

    private static String token(Algorithm algorithm, UnaryOperator<JWTCreator.Builder> more) {
        return more.apply(JWT.create().withSubject("ann").withExpiresAt(NOW.plusSeconds(600)))
                .sign(algorithm);
    }

    /** A token with a payload that the library would not write. */
    private static String signed(Algorithm algorithm, String name, String payload) {
        String header = encoded("{\"alg\":\"" + name + "\"}");
        byte[] signature = algorithm.sign(
                header.getBytes(StandardCharsets.US_ASCII), encoded(payload).getBytes(StandardCharsets.US_ASCII));
        return header + "." + encoded(payload) + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static RSAPublicKey rsa() {
        return (RSAPublicKey) RSA.getPublic();
    }

    private static KeyPair pair(String type, String parameter) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
            if (type.equals("RSA")) {
                generator.initialize(Integer.parseInt(parameter));
            } else {
                generator.initialize(new ECGenParameterSpec(parameter));
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** What is logged meanwhile, by slf4j-simple, to standard error. */
    private static String logOf(Runnable work) {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }
}
