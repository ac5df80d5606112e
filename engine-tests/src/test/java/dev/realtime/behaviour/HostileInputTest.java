package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.Limits;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever one client sends, it alone bears the consequences: after every test a bystander's session works as before. */
class HostileInputTest {
    private static final Request<Text, Text> NEVER = Request.of("never", Text.class, Text.class);
    private static final Request<Map<?, ?>, Object> TREE = tree();

    private final List<Object> handled = new ArrayList<>();
    private final CompletableFuture<Text> never = new CompletableFuture<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .limits(Limits.DEFAULT.maxPayload(100_000).maxAttachments(3).maxPendingEvents(20))
            .namespace(
                    "/",
                    game -> game.allowAnonymous()
                            .on(ECHO, (session, text) -> {
                                handled.add(text);
                                return text;
                            })
                            .on(TREE, (session, tree) -> {
                                handled.add(tree);
                                return tree;
                            })
                            .onAsync(NEVER, (session, text) -> never)));

    private TestClient bystander;

    @BeforeEach
    void somebodyElseIsThere() {
        bystander = realtime.connect("/", "bystander");
    }

    @AfterEach
    void theBystanderIsUnharmed() {
        assertThat(bystander.request(ECHO, new Text("unharmed"))).isEqualTo(new Text("unharmed"));
        Game.ticks(realtime, 0, 1);
        assertThat(Game.ticks(bystander)).containsExactly(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "451-",
                "4599999999999-[\"echo\",{\"_placeholder\":true,\"num\":0}]",
                "45-1-[\"echo\"]",
                "4518446744073709551617-[\"echo\"]",
                "454-[\"echo\"]",
                "45[\"echo\"]",
                "45x-[\"echo\"]",
                "461-",
                "42",
                "42[]",
                "42{}",
                "42[{}]",
                "42[{\"name\":\"echo\"},1]",
                "42[null]",
                "42[7]",
                "42[\"echo\"",
                "42[\"echo\",]",
                "42\"echo\"",
                "42[\"echo\",{\"text\":\"a\"}]x",
                "4299999999999999999999999[\"echo\",{\"text\":\"a\"}]",
                "43",
                "43[]",
                "431",
                "431{}",
                "44{}",
                "47[]",
                "4x",
                "4",
                "0{}",
                "6x",
                "7",
                "9",
                "x",
                "",
                "42/nowhere,[\"echo\",{\"text\":\"a\"}]",
                "42[\"connect\"]",
                "42[\"connect_error\",{}]",
                "42[\"disconnect\",\"x\"]",
                "42[\"disconnecting\"]",
                "42[\"newListener\"]",
                "42[\"removeListener\"]",
                "40{\"pid\":[1]}",
                "40[1]",
                "40\"x\"",
                "40/" + "n",
            })
    void aPacketThatIsNoneEndsOrIsIgnoredForItsSenderAlone(String packet) {
        InMemoryConnection eve = connected();
        eve.send(packet);
        eve.send("420[\"echo\",{\"text\":\"after\"}]");
        realtime.settle();
        assertThat(handled).allMatch(text -> text.equals(new Text("after")));
        assertThat(realtime.transport().violations()).isEmpty();
    }

    @Test
    void aPacketThatBreaksTheProtocolClosesTheConnectionAndIsCounted() {
        InMemoryConnection eve = connected();
        eve.send("4599999999999-[\"echo\",{\"_placeholder\":true,\"num\":0}]");
        realtime.settle();
        assertThat(eve.isOpen()).isFalse();
        assertThat(realtime.realtime().stats().counters().get("packets.bad")).isPositive();
    }

    @Test
    void textInTheMiddleOfAttachmentsEndsTheConnection() {
        InMemoryConnection eve = connected();
        eve.send("452-[\"echo\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]");
        eve.send(new byte[] {1});
        eve.send("420[\"echo\",{\"text\":\"after\"}]");
        realtime.settle();
        assertThat(eve.isOpen()).isFalse();
        assertThat(handled).isEmpty();
    }

    @Test
    void attachmentsThatNeverComeHoldNothingForever() {
        InMemoryConnection eve = connected();
        eve.send("451-[\"echo\",{\"_placeholder\":true,\"num\":0}]");
        realtime.advance(Duration.ofMinutes(5));
        assertThat(eve.isOpen()).isFalse();
    }

    @Test
    void anAttachmentOfNoPacketEndsTheConnection() {
        InMemoryConnection eve = connected();
        eve.send(new byte[] {1, 2, 3});
        realtime.settle();
        assertThat(eve.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-1", "99999999999", "0.5", "\"0\"", "null", "{}"})
    void aPlaceholderOfNoAttachmentIsAnInvalidPayload(String number) {
        InMemoryConnection eve = connected();
        eve.send("451-0[\"echo\",{\"_placeholder\":true,\"num\":" + number + "}]");
        eve.send(new byte[] {1});
        realtime.settle();
        assertThat(handled).isEmpty();
    }

    @Test
    void keysThatMeanSomethingInOtherLanguagesMeanNothingHere() {
        TestClient eve = realtime.connect("/", "eve");
        eve.askRaw("echo", Map.of("__proto__", Map.of("text", "polluted"), "constructor", 1, "text", "plain"));
        assertThat(handled).containsExactly(new Text("plain"));
        handled.clear();
    }

    @Test
    void eventsNamedLikeMembersAreJustUnknown() {
        TestClient eve = realtime.connect("/", "eve");
        for (String name : List.of("__proto__", "constructor", "toString", "hasOwnProperty", "error", "")) {
            assertThat(eve.askRaw(name, 1).errorCode()).as(name).isEqualTo("unknown_event");
        }
    }

    @Test
    void deepJsonIsRefused() {
        InMemoryConnection eve = connected();
        eve.send("420[\"tree\"," + "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000) + "]");
        realtime.settle();
        assertThat(handled).isEmpty();
        InMemoryConnection other = connected();
        other.send("40".replace("40", "420[\"tree\",") + "[".repeat(40_000) + "]".repeat(40_000) + "]");
        realtime.settle();
        assertThat(handled).isEmpty();
    }

    @Test
    void hugeNumbersAndRepeatedKeysAreRefused() {
        InMemoryConnection eve = connected();
        eve.send("420[\"tree\",{\"n\":" + "9".repeat(50_000) + "}]");
        eve.send("421[\"tree\",{\"n\":1,\"n\":2}]");
        eve.send("422[\"echo\",{\"text\":\"a\",\"text\":\"b\"}]");
        realtime.settle();
        assertThat(handled).isEmpty();
    }

    @Test
    void loneSurrogatesHarmNobody() {
        InMemoryConnection eve = connected();
        eve.send("420[\"echo\",{\"text\":\"a\\ud800b\"}]");
        eve.send("42[\"\\udfff\",1]");
        realtime.settle();
        assertThat(handled).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void anOversizedMessageEndsTheConnectionWith1009() {
        InMemoryConnection eve = connected();
        eve.send("42[\"echo\",{\"text\":\"" + "x".repeat(200_000) + "\"}]");
        realtime.settle();
        assertThat(eve.closeCode()).isEqualTo(1009);
        assertThat(handled).isEmpty();
    }

    @Test
    void aFloodBehindABlockedHandlerIsNotRead() {
        TestClient eve = realtime.connect("/", "eve");
        eve.ask(NEVER, new Text("block"));
        for (int i = 0; i < 40; i++) {
            eve.emit(dev.realtime.Event.of("echo", Text.class), new Text("" + i));
        }
        assertThat(eve.isConnected()).isTrue();
        assertThat(eve.connection().unread()).isEqualTo(21);
        assertThat(handled).isEmpty();
        never.complete(new Text("in the end"));
        realtime.settle();
        assertThat(handled).hasSize(40);
    }

    @Test
    void aFloodOfConnectsIsBounded() {
        InMemoryConnection eve = connected();
        for (int i = 0; i < 2_000; i++) {
            eve.send("40/x" + i + ",");
        }
        realtime.settle();
        assertThat(realtime.realtime().stats().sessions()).isLessThanOrEqualTo(2);
    }

    @Test
    void aSecondConnectToTheSameNamespaceDoesNotMakeASecondSession() {
        InMemoryConnection eve = connected();
        eve.send("40");
        eve.send("40");
        realtime.settle();
        assertThat(realtime.namespace("/").sessions()).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void twoConnectsBeforeTheAnswerDoNotMakeTwoSessions() {
        InMemoryConnection eve = realtime.transport().open(webSocket().view());
        eve.send("40");
        eve.send("40");
        realtime.settle();
        assertThat(realtime.namespace("/").sessions()).hasSizeLessThanOrEqualTo(2);
        eve.reset();
        realtime.settle();
        realtime.advance(Duration.ofMinutes(5));
        assertThat(realtime.realtime().stats().sessions()).isEqualTo(1);
    }

    @Test
    void leavingBeforeTheAnswerLeavesNothingBehind() {
        InMemoryConnection eve = realtime.transport().open(webSocket().view());
        eve.send("40");
        eve.reset();
        realtime.settle();
        realtime.advance(Duration.ofMinutes(5));
        assertThat(realtime.realtime().stats().sessions()).isEqualTo(1);
        assertThat(realtime.realtime().stats().connections()).isEqualTo(1);
    }

    @Test
    void aDisconnectOfAnotherNamespaceIsIgnored() {
        InMemoryConnection eve = connected();
        eve.send("41/nowhere,");
        eve.send("420[\"echo\",{\"text\":\"still\"}]");
        realtime.settle();
        assertThat(handled).isSubsetOf(new Text("still"));
    }

    private InMemoryConnection connected() {
        InMemoryConnection socket = realtime.transport().open(webSocket().view());
        socket.send("40");
        realtime.settle();
        assertThat(socket.texts()).anyMatch(text -> text.startsWith("40{"));
        return socket;
    }

    private static TestRequest webSocket() {
        return TestRequest.of("GET", "/socket.io/").query("EIO", "4").query("transport", "websocket");
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // a map of anything
    private static Request<Map<?, ?>, Object> tree() {
        return (Request) Request.of("tree", Map.class, Object.class);
    }
}
