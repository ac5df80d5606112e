package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.Event;
import dev.realtime.NamespaceSetup;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.jwt.JwtAuthenticator;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a client with a JSON Web Token meets, from its connect to the end of its credentials. */
class JwtTest {
    private static final String SECRET = "a secret of more than thirty-two bytes";
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Event<Void> SECRET_DOOR = Event.of("door").permission("doors.open");

    private final List<String> ends = new ArrayList<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() ->
                    options(JwtAuthenticator.hmac256(SECRET).issuer("game").audience("arena")))
            .keepAuthenticator();

    @RegisterExtension
    final TestRealtime lax = TestRealtime.of(() -> options(JwtAuthenticator.hmac256(SECRET)
                    .issuer("game")
                    .audience("arena")
                    .tokenFromQuery("token")))
            .keepAuthenticator();

    private RealtimeBuilder options(JwtAuthenticator authenticator) {
        return Realtime.builder()
                .authenticator(authenticator)
                .namespace("/", this::world)
                .namespace("/lobby", lobby -> lobby.allowAnonymous());
    }

    private void world(NamespaceSetup world) {
        world.on(Game.ECHO, (session, text) -> text)
                .on(SECRET_DOOR, (session, nothing) -> {})
                .onDisconnect((session, reason) -> ends.add(reason.code()));
    }

    // ---- connecting

    @Test
    void aTokenInTheAuthPayloadSaysWhoTheClientIs() {
        TestClient ann = connect(token("ann"));
        assertThat(ann.isConnected()).isTrue();
        assertThat(Game.session(realtime, ann).principal().id()).isEqualTo("ann");
        assertThat(Game.session(realtime, ann).principal().expiresAt())
                .contains(realtime.time().now().plus(LIFE));
    }

    @Test
    void aTokenInTheHeaderServesAllNamespaces() {
        TestClient ann = realtime.client()
                .header("authorization", "Bearer " + token("ann"))
                .connect("/");
        TestClient lobby = ann.also("/lobby");
        assertThat(Game.session(realtime, ann).principal().id()).isEqualTo("ann");
        assertThat(Game.session(realtime, lobby).principal().id()).isEqualTo("ann");
    }

    @Test
    void permissionsOfTheTokenOpenEvents() {
        Map<String, Object> claims = claims("ann");
        claims.put("permissions", List.of("doors.open"));
        assertThat(connect(sign(claims)).ask(SECRET_DOOR, null).value()).isNull();
        assertThat(connect(token("bob")).ask(SECRET_DOOR, null).errorCode()).isEqualTo("forbidden");
    }

    @Test
    void aTokenWithoutASignatureIsRefused() {
        String forged = encoded("{\"alg\":\"none\"}") + "." + encoded(json(claims("ann"))) + ".";
        assertThat(refusal(forged)).isEqualTo("unauthorized");
    }

    @Test
    void aTokenWithAnotherSignatureIsRefused() {
        assertThat(refusal(sign(claims("ann"), "another secret of more than 32 bytes")))
                .isEqualTo("unauthorized");
    }

    @Test
    void anExpiredTokenIsRefusedAsExpired() {
        String token = token("ann");
        realtime.advance(LIFE);
        assertThat(refusal(token)).isEqualTo("credentials_expired");
    }

    @Test
    void aTokenOfTheFutureIsRefusedUntilItsTime() {
        Map<String, Object> claims = claims("ann");
        claims.put("nbf", realtime.time().now().plusSeconds(60).getEpochSecond());
        assertThat(refusal(sign(claims))).isEqualTo("unauthorized");
        realtime.advance(Duration.ofSeconds(60));
        assertThat(connect(sign(claims)).isConnected()).isTrue();
    }

    @Test
    void aTokenOfAnotherIssuerOrForAnotherAudienceIsRefused() {
        Map<String, Object> issuer = claims("ann");
        issuer.put("iss", "evil");
        assertThat(refusal(sign(issuer))).isEqualTo("unauthorized");
        Map<String, Object> audience = claims("ann");
        audience.put("aud", "bank");
        assertThat(refusal(sign(audience))).isEqualTo("unauthorized");
    }

    @Test
    void aRefusedClientLearnsACodeAndASentenceAndNothingElse() {
        TestClient ann = realtime.client().auth("token", "rubbish").connect("/");
        assertThat(ann.connectError().orElseThrow().message()).isEqualTo("Credentials are missing or not valid");
        assertThat(ann.connectError().orElseThrow().data().toString()).isEqualTo("{\"code\":\"unauthorized\"}");
    }

    @Test
    void withoutATokenOneIsAnonymousWhereThatIsAllowedAndNowhereElse() {
        TestClient nobody = realtime.client().connect("/lobby");
        assertThat(Game.session(realtime, nobody).principal().anonymous()).isTrue();
        TestClient inside = nobody.also("/");
        assertThat(inside.isConnected()).isFalse();
        assertThat(inside.connectError().orElseThrow().code()).isEqualTo("unauthorized");
        assertThat(nobody.isConnected()).as("the other namespace").isTrue();
    }

    @Test
    void aBadTokenIsNotTakenForNoToken() {
        TestClient client = realtime.client().auth("token", "rubbish").connect("/lobby");
        assertThat(client.connectError().orElseThrow().code()).isEqualTo("unauthorized");
    }

    @Test
    void aTokenInTheQueryCountsOnlyWhereThatIsSwitchedOn() {
        TestClient ignored = realtime.client().query("token", token("ann")).connect("/");
        assertThat(ignored.connectError().orElseThrow().code()).isEqualTo("unauthorized");
        TestClient ann = lax.client().query("token", token("ann")).connect("/");
        assertThat(Game.session(lax, ann).principal().id()).isEqualTo("ann");
    }

    // ---- the end

    @Test
    void aSessionEndsWithItsToken() {
        TestClient ann = connect(token("ann"));
        realtime.advance(LIFE.minusMillis(1));
        assertThat(ann.isConnected()).isTrue();
        realtime.advance(Duration.ofMillis(1));
        assertThat(ann.isConnected()).isFalse();
        assertThat(ann.disconnectReason()).isEqualTo("io server disconnect");
        assertThat(ends).containsExactly("credentials_expired");
    }

    @Test
    void aSessionThatEndedWithItsTokenDoesNotComeBackByIt() {
        TestClient ann = connect(token("ann"));
        realtime.advance(LIFE);
        ann.reconnect();
        assertThat(ann.connectError().orElseThrow().code()).isEqualTo("credentials_expired");
    }

    @Test
    void aSuspendedSessionIsNotResumedByATokenThatExpiredMeanwhile() {
        TestClient ann = connect(token("ann"));
        realtime.advance(LIFE.minusSeconds(30));
        ann.dropConnection();
        realtime.advance(Duration.ofSeconds(31));
        ann.reconnect();
        assertThat(ann.connectError().orElseThrow().code()).isEqualTo("credentials_expired");
        ann.auth("token", token("ann"));
        ann.reconnect();
        assertThat(ann.recovered()).as("with a newer one").isTrue();
        realtime.advance(LIFE.minusMillis(1));
        assertThat(ann.isConnected()).isTrue();
        realtime.advance(Duration.ofMillis(1));
        assertThat(ann.isConnected()).isFalse();
    }

    @Test
    void aWallClockThatIsSetBackExtendsNothing() {
        TestClient ann = connect(token("ann"));
        realtime.time().jumpWallClock(Duration.ofHours(-1));
        realtime.advance(LIFE);
        assertThat(ann.isConnected()).isFalse();
        assertThat(ends).containsExactly("credentials_expired");
    }

    @Test
    void aWallClockThatIsSetForwardEndsNothingEarly() {
        TestClient ann = connect(token("ann"));
        realtime.time().jumpWallClock(Duration.ofHours(1));
        realtime.advance(LIFE.minusMillis(1));
        assertThat(ann.isConnected()).isTrue();
        realtime.advance(Duration.ofMillis(1));
        assertThat(ann.isConnected()).isFalse();
    }

    @Test
    void showingTheSameTokenAgainAfterAJumpExtendsNothing() {
        Map<String, Object> older = claims("ann");
        older.remove("iat");
        older.put("exp", realtime.time().now().plus(LIFE).minusSeconds(5).getEpochSecond());
        Map<String, Object> same = claims("ann");
        same.remove("iat");
        TestClient ann = connect(sign(same));
        realtime.time().jumpWallClock(Duration.ofHours(-1));
        refresh(ann, sign(same)).value();
        refresh(ann, sign(older)).value();
        realtime.advance(LIFE.minusSeconds(60));
        ann.dropConnection();
        ann.reconnect();
        assertThat(ann.recovered()).isTrue();
        realtime.advance(Duration.ofSeconds(60));
        assertThat(ann.isConnected()).isFalse();
        assertThat(ends).containsExactly("credentials_expired");
    }

    // ---- refreshing

    @Test
    void aNewerTokenExtendsTheSessionInPlace() {
        TestClient ann = connect(token("ann"));
        String id = ann.id();
        realtime.advance(LIFE.minusSeconds(1));
        Instant end = realtime.time().now().plus(LIFE);
        assertThat(refresh(ann, token("ann")).value().path("expiresAt").asText())
                .isEqualTo(end.toString());
        realtime.advance(LIFE.minusMillis(1));
        assertThat(ann.isConnected()).isTrue();
        assertThat(ann.id()).isEqualTo(id);
        realtime.advance(Duration.ofMillis(1));
        assertThat(ann.isConnected()).isFalse();
        assertThat(ends).containsExactly("credentials_expired");
    }

    @Test
    void aNewerTokenBringsItsPermissions() {
        TestClient ann = connect(token("ann"));
        assertThat(ann.ask(SECRET_DOOR, null).errorCode()).isEqualTo("forbidden");
        Map<String, Object> claims = claims("ann");
        claims.put("scope", "doors.open");
        refresh(ann, sign(claims)).value();
        assertThat(ann.ask(SECRET_DOOR, null).value()).isNull();
    }

    @Test
    void somebodyElsesTokenDoesNotRefresh() {
        TestClient ann = connect(token("ann"));
        assertThat(refresh(ann, token("bob")).errorCode()).isEqualTo("unauthorized");
        assertThat(Game.session(realtime, ann).principal().id()).isEqualTo("ann");
        realtime.advance(LIFE);
        assertThat(ann.isConnected()).isFalse();
    }

    @Test
    void aBadTokenDoesNotRefreshAndDoesNotEndTheSession() {
        TestClient ann = connect(token("ann"));
        String old = token("ann");
        realtime.advance(LIFE.minusSeconds(1));
        refresh(ann, token("ann")).value();
        assertThat(refresh(ann, "rubbish").errorCode()).isEqualTo("unauthorized");
        assertThat(ann.askRaw("auth:refresh", Map.of("token", 7)).errorCode()).isEqualTo("unauthorized");
        assertThat(ann.askRaw("auth:refresh").errorCode()).isEqualTo("unauthorized");
        assertThat(ann.askRaw("auth:refresh", "rubbish").errorCode()).isEqualTo("invalid_payload");
        realtime.advance(Duration.ofSeconds(1));
        assertThat(refresh(ann, old).errorCode()).isEqualTo("credentials_expired");
        assertThat(ann.request(Game.ECHO, new Game.Text("still here")).text()).isEqualTo("still here");
    }

    @Test
    void anAnonymousClientCannotBecomeSomebodyByRefreshing() {
        TestClient nobody = realtime.client().connect("/lobby");
        assertThat(refresh(nobody, token("ann")).errorCode()).isEqualTo("unauthorized");
        assertThat(Game.session(realtime, nobody).principal().anonymous()).isTrue();
    }

    // ---- secrecy

    @Test
    void noTokenReachesTheLog() {
        String good = token("ann");
        String bad = sign(claims("ann"), "another secret of more than 32 bytes");
        PrintStream before = System.err;
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
        try {
            for (String token : List.of(good, bad)) {
                lax.client().auth("token", token).connect("/");
                lax.client().header("authorization", "Bearer " + token).connect("/");
                lax.client().query("token", token).polling(true).connect("/");
                TestClient ann =
                        lax.client().auth("token", good).query("token", token).connect("/");
                refresh(ann, token);
                ann.emitRaw("auth:refresh", token);
                ann.emitRaw("unknown", token);
                ann.dropConnection();
                ann.forge("guessed", "0");
                ann.reconnect();
                ann.sendRaw("4x" + token);
            }
            lax.advance(LIFE);
        } finally {
            System.setErr(before);
        }
        String log = captured.toString(StandardCharsets.UTF_8);
        assertThat(log)
                .contains("its signature is wrong", "without a contract", "broke the protocol", "UNKNOWN_SESSION");
        for (String token : List.of(good, bad)) {
            assertThat(log).doesNotContain(token);
            for (String part : token.split("\\.", -1)) {
                assertThat(log).doesNotContain(part);
            }
        }
    }

    // ---- words

    private TestClient connect(String token) {
        return realtime.client().auth("token", token).connect("/");
    }

    private String refusal(String token) {
        TestClient client = connect(token);
        assertThat(client.isConnected()).isFalse();
        return client.connectError().orElseThrow().code();
    }

    private static TestReply<JsonNode> refresh(TestClient client, String token) {
        return client.askRaw("auth:refresh", Map.of("token", token));
    }

    private String token(String subject) {
        return sign(claims(subject));
    }

    private Map<String, Object> claims(String subject) {
        Instant now = realtime.time().now();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("sub", subject);
        claims.put("iss", "game");
        claims.put("aud", "arena");
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.plus(LIFE).getEpochSecond());
        return claims;
    }

    private static String sign(Map<String, Object> claims) {
        return sign(claims, SECRET);
    }

    private static String sign(Map<String, Object> claims, String secret) {
        String text = encoded("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + encoded(json(claims));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] signature = mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
            return text + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String json(Map<String, Object> claims) {
        try {
            return JSON.writeValueAsString(claims);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
