package dev.realtime.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.realtime.Realtime;
import dev.realtime.redis.internal.connection.Script;
import dev.realtime.redis.internal.intake.CommandClaims;
import dev.realtime.redis.internal.intake.SignedCommand;
import dev.realtime.redis.server.RedisServer;
import dev.realtime.users.UserRules;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.StreamEntryID;

/** Signed commands on a real Redis: one of the nodes carries each out, and nobody else's are. */
class AdminCommandsTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String CHANNEL = "tableforge:admin";
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
    private static final AdminKey OLD = AdminKey.of("2026-10", "another secret, of thirty-two bytes".getBytes(UTF_8));
    private static final AdminKey KEY = AdminKey.of("2026-11", SECRET);
    private static final String ANNOUNCE = "{\"command\":\"announce\",\"namespace\":\"/\",\"text\":\"last orders\"}";

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<RedisIntake> nodes = new ArrayList<>();
    private RedisServer redis;
    private RealtimePublisher publisher;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        open.add(redis);
        publisher = RealtimePublisher.connect(redis.url());
        open.add(publisher);
    }

    @AfterEach
    void end() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private RedisIntake node(AdminKey first, AdminKey... more) {
        Realtime realtime = Realtime.builder()
                .backend(RedisBackend.connect(redis.url()))
                .users(UserRules.DEFAULT)
                .namespace("/", game -> game.allowAnonymous())
                .build();
        open.add(realtime);
        RedisIntake intake = RedisIntake.builder(redis.url())
                .admin(CHANNEL, realtime, first, more)
                .start();
        open.add(intake);
        nodes.add(intake);
        return intake;
    }

    private long sum(String counter) {
        return nodes.stream().mapToLong(node -> node.counters().get(counter)).sum();
    }

    private void awaitSum(String counter, long count) {
        await().atMost(LONG).until(() -> sum(counter) == count);
    }

    private void say(byte[] message) {
        try (Jedis jedis = redis.jedis()) {
            jedis.publish(CHANNEL.getBytes(UTF_8), message);
        }
    }

    private long now() {
        try (Jedis jedis = redis.jedis()) {
            return Long.parseLong(jedis.time().get(0)) * 1_000;
        }
    }

    private SignedCommand signed(String channel, AdminKey key, String nonce, long at) {
        return SignedCommand.sign(channel, key.id(), key.secret(), nonce, at, ANNOUNCE);
    }

    private List<Map<String, String>> log() {
        try (Jedis jedis = redis.jedis()) {
            return jedis.xrange("socket.io", (StreamEntryID) null, null).stream()
                    .map(entry -> entry.getFields())
                    .filter(fields -> fields.getOrDefault("nsp", "").equals("/"))
                    .toList();
        }
    }

    static AdminCommand[] commands() {
        return new AdminCommand[] {
            new AdminCommand.Disconnect("u7", "Kicked"),
            new AdminCommand.RevokeCredentials("u7"),
            new AdminCommand.RevokeToken("t1", Duration.ofHours(1)),
            new AdminCommand.Announce("/", Optional.empty(), "last orders"),
            new AdminCommand.Announce("/", Optional.of("zone:tavern"), "last \"orders\"\n"),
            new AdminCommand.Join("/", "u7", List.of("zone:tavern", "team:red")),
            new AdminCommand.Leave("/", "u7", List.of("zone:tavern"))
        };
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandIsCarriedOutByOneOfTheNodes(AdminCommand command) {
        assertThat(AdminCommandForm.read(AdminCommandForm.write(command))).isEqualTo(command);
        node(KEY);
        node(OLD, KEY);
        publisher.admin(CHANNEL, KEY).send(command).toCompletableFuture().join();
        awaitSum("intake.handled", 2);
        awaitSum("intake.admin.commands", 1);
        assertThat(sum("intake.admin.failed")).isZero();
    }

    @Test
    void anAnnouncementIsInTheLogOnce() {
        node(KEY);
        node(KEY);
        AdminPublisher admin = publisher.admin(CHANNEL, KEY);
        admin.send(new AdminCommand.Announce("/", Optional.empty(), "last orders"))
                .toCompletableFuture()
                .join();
        admin.send(new AdminCommand.Join("/", "u7", List.of("zone:tavern")))
                .toCompletableFuture()
                .join();
        awaitSum("intake.admin.commands", 2);
        assertThat(log())
                .hasSize(2)
                .anyMatch(fields -> fields.get("data").contains("[\"announcement\",\"last orders\"]"))
                .anyMatch(fields -> fields.get("data").contains("zone:tavern")
                        && fields.get("data").contains("user:u7"));
    }

    @Test
    void whatIsForgedIsRefusedAndChangesNothing() {
        node(KEY);
        SignedCommand genuine = signed(CHANNEL, KEY, "n1", now());
        say(signed(CHANNEL, OLD, "n2", now()).toJson()); // a key that this node does not know
        say(signed("other:admin", KEY, "n3", now()).toJson()); // signed for another channel
        say(new SignedCommand(genuine.key(), "n4", genuine.at(), genuine.command(), genuine.signature()).toJson());
        say(new SignedCommand(
                        genuine.key(),
                        genuine.nonce(),
                        genuine.at(),
                        genuine.command().replace("last", "free"),
                        genuine.signature())
                .toJson());
        say("{\"command\":\"disconnect\",\"user\":\"u7\",\"text\":\"\"}".getBytes(UTF_8)); // not signed at all
        say("[".repeat(5_000).getBytes(UTF_8));
        say(new byte[] {(byte) 0xff});
        awaitSum("intake.admin.refused.forged", 7);
        say(genuine.toJson());
        awaitSum("intake.admin.commands", 1);
        assertThat(log()).hasSize(1);
    }

    @Test
    void whatIsSaidAgainIsRefusedAlsoToNodesThatHaveNotHeardIt() {
        node(KEY);
        byte[] message = signed(CHANNEL, KEY, "n1", now()).toJson();
        say(message);
        awaitSum("intake.admin.commands", 1);
        node(KEY); // it comes later, and hears it for the first time
        say(message);
        awaitSum("intake.handled", 3);
        assertThat(sum("intake.admin.refused.replayed")).isEqualTo(1);
        assertThat(sum("intake.admin.commands")).isEqualTo(1);
        assertThat(log()).hasSize(1);
    }

    @Test
    void whatIsTooOldOrAheadIsRefusedByTheClockOfRedis() {
        node(KEY);
        say(signed(CHANNEL, KEY, "n1", now() - 40_000).toJson());
        say(signed(CHANNEL, KEY, "n2", now() + 40_000).toJson());
        say(signed(CHANNEL, KEY, "n3", Long.MIN_VALUE).toJson());
        say(signed(CHANNEL, KEY, "n4", Long.MAX_VALUE).toJson());
        awaitSum("intake.admin.refused.stale", 4);
        say(signed(CHANNEL, KEY, "n5", now() - 20_000).toJson());
        awaitSum("intake.admin.commands", 1);
        assertThat(log()).hasSize(1);
        try (Jedis jedis = redis.jedis()) {
            assertThat(jedis.keys("realtime:admin:*"))
                    .as("nothing is remembered of what is stale, the rest for longer than any node takes it for fresh")
                    .hasSize(1)
                    .allSatisfy(key -> assertThat(jedis.pttl(key)).isBetween(1_700_000L, 1_800_000L));
        }
    }

    @Test
    void aClaimWhoseAnswerWasLostIsStillTheSame() {
        String script = Script.load(CommandClaims.class, "claim.lua").text();
        try (Jedis jedis = redis.jedis()) {
            List<String> keys = List.of("realtime:admin:x:n1");
            String at = String.valueOf(now());
            assertThat(jedis.eval(script, keys, List.of(at, "30000", "me", "90000")))
                    .isEqualTo("new");
            assertThat(jedis.eval(script, keys, List.of(at, "30000", "me", "90000")))
                    .isEqualTo("new");
            assertThat(jedis.eval(script, keys, List.of(at, "30000", "another", "90000")))
                    .isEqualTo("taken");
        }
    }

    @Test
    void aCommandThatCannotBeCarriedOutIsCountedAndTheNextOneIsDone() {
        node(KEY);
        AdminPublisher admin = publisher.admin(CHANNEL, KEY);
        admin.send(new AdminCommand.Announce("/nowhere", Optional.empty(), "x"))
                .toCompletableFuture()
                .join();
        admin.send(new AdminCommand.Join("/", "u7", List.of("no room")))
                .toCompletableFuture()
                .join();
        String unknown = "{\"command\":\"shutdown\"}";
        say(SignedCommand.sign(CHANNEL, KEY.id(), SECRET, "n1", now(), unknown).toJson());
        admin.send(new AdminCommand.Announce("/", Optional.empty(), "x"))
                .toCompletableFuture()
                .join();
        awaitSum("intake.admin.commands", 1);
        assertThat(sum("intake.admin.failed")).isEqualTo(3);
    }

    @Test
    void noLineOfTheLogHasASecretASignatureOrACommand() {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, UTF_8));
        SignedCommand forged = signed("other:admin", KEY, "n1", now());
        SignedCommand stale = signed(CHANNEL, KEY, "n2", 1);
        try {
            node(KEY);
            for (int i = 0; i < 100; i++) {
                say(forged.toJson());
            }
            say(stale.toJson());
            say(stale.toJson());
            awaitSum("intake.handled", 102);
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(UTF_8))
                .contains("not signed with key '2026-11'")
                .contains("signed too long ago")
                .contains("was heard before")
                .doesNotContain(forged.signature())
                .doesNotContain(stale.signature())
                .doesNotContain(new String(SECRET, UTF_8))
                .doesNotContain("last orders");
        assertThat(log.toString(UTF_8).lines().filter(line -> line.contains("not signed")))
                .hasSizeLessThan(10);
    }

    @Test
    void noLineOfTheLogSaysWhatACommandSaysThatCannotBeCarriedOut() {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, UTF_8));
        List<String> commands = List.of(
                "{\"command\":\"announce\",\"namespace\":\"/hidden\",\"text\":\"x\"}",
                "{\"command\":\"announce\",\"namespace\":\"/\",\"room\":\"hidden\",\"text\":\"x\"}",
                "{\"command\":\"revoke_token\",\"token\":\"t\",\"seconds\":\"hidden\"}",
                "{\"command\":\"disconnect\",\"user\":\"hidden\",\"text\":",
                "hidden");
        try {
            node(KEY);
            for (int i = 0; i < commands.size(); i++) {
                say(SignedCommand.sign(CHANNEL, KEY.id(), SECRET, "n" + i, now(), commands.get(i))
                        .toJson());
            }
            say("{\"hidden\":1}".getBytes(UTF_8));
            say("hidden".getBytes(UTF_8));
            awaitSum("intake.admin.failed", commands.size());
            awaitSum("intake.admin.refused.forged", 2);
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(UTF_8))
                .contains("could not be carried out: java.lang.IllegalArgumentException at dev.realtime.")
                .contains("is no signed command")
                .doesNotContain("hidden");
    }

    @Test
    void theRightsOfTheDocumentSufficeForTheToolAndAllowNothingElse() {
        node(KEY);
        try (Jedis jedis = redis.jedis()) {
            String rights = "-@all +publish +time +hello +info &tableforge:admin";
            List<String> rules = new ArrayList<>(List.of("on", ">secret", "resetchannels"));
            rules.addAll(List.of(rights.split(" ")));
            jedis.aclSetUser("admin", rules.toArray(String[]::new));
        }
        try (RealtimePublisher tool = RealtimePublisher.connect("redis://admin:secret@127.0.0.1:" + redis.port())) {
            tool.admin(CHANNEL, KEY)
                    .send(new AdminCommand.Announce("/", Optional.empty(), "last orders"))
                    .toCompletableFuture()
                    .join();
            awaitSum("intake.admin.commands", 1);
            assertThat(tool.namespace("/").join("zone:tavern").toCompletableFuture())
                    .failsWithin(LONG);
            assertThat(tool.admin("other:admin", KEY)
                            .send(new AdminCommand.RevokeCredentials("u7"))
                            .toCompletableFuture())
                    .failsWithin(LONG);
        }
        assertThat(log()).hasSize(1);
    }

    @Test
    void theSecretIsNotOnTheWire() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        JedisPubSub ear = new JedisPubSub() {
            @Override
            public void onSubscribe(String channel, int count) {
                heard.add("ready");
            }

            @Override
            public void onMessage(String channel, String message) {
                heard.add(message);
            }
        };
        try (Jedis listening = redis.jedis()) {
            Thread thread = new Thread(() -> listening.subscribe(ear, CHANNEL));
            thread.start();
            assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("ready");
            publisher
                    .admin(CHANNEL, KEY)
                    .send(new AdminCommand.RevokeCredentials("u7"))
                    .toCompletableFuture()
                    .join();
            String message = heard.poll(30, TimeUnit.SECONDS);
            assertThat(SignedCommand.parse(message.getBytes(UTF_8)).isSignedWith(SECRET, CHANNEL))
                    .isTrue();
            assertThat(message).doesNotContain(new String(SECRET, UTF_8));
            ear.unsubscribe();
            thread.join(30_000);
        }
    }

    @Test
    void keysAreLongAndHaveNamesOfTheirOwn() {
        assertThat(KEY.toString()).isEqualTo("AdminKey[2026-11]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AdminKey.of("k", new byte[31]))
                .withMessageContaining("at least 32");
        assertThatIllegalArgumentException().isThrownBy(() -> AdminKey.of("a b", SECRET));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> node(KEY, AdminKey.of(KEY.id(), SECRET)))
                .withMessageContaining("two keys");
        assertThatIllegalArgumentException().isThrownBy(() -> publisher.admin("a\nb", KEY));
    }
}
