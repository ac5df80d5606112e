package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.ServerVariant.GUARDED;
import static dev.realtime.testkit.contract.ServerVariant.GUARDED_PAYLOAD;
import static dev.realtime.testkit.contract.ServerVariant.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.contract.PollingClient.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Engine.IO 4, "HTTP long-polling". */
abstract class PollingRules extends TransportContract.Rules {

    @Test
    void packetIsEchoed() {
        PollingClient client = polling(OPEN);
        client.connect();

        client.send("42[\"message\",\"h\u00e9llo \u20ac \ud83d\ude00\"]");

        assertThat(client.next()).isEqualTo("42[\"message-back\",\"h\u00e9llo \u20ac \ud83d\ude00\"]");
    }

    @Test
    void payloadWithSeveralPacketsIsHandledInOrder() {
        PollingClient client = polling(OPEN);
        client.connect();

        client.send("42[\"message\",1]", "42[\"message\",2]", "42[\"message\",3]");

        assertThat(client.next()).isEqualTo("42[\"message-back\",1]");
        assertThat(client.next()).isEqualTo("42[\"message-back\",2]");
        assertThat(client.next()).isEqualTo("42[\"message-back\",3]");
    }

    @Test
    void packetsThatWaitLeaveAsOnePayload() {
        PollingClient client = polling(OPEN);
        String id = client.connect();
        client.send("42[\"burst\",0,50,0]");
        try (SocketClient other = client(OPEN)) {
            assertThat(other.present(id)).isTrue();
        }

        int polls = 0;
        List<String> packets = new ArrayList<>();
        while (packets.size() < 50) {
            packets.addAll(client.get().packets());
            polls++;
        }

        assertThat(packets).hasSize(50);
        assertThat(packets.get(0)).isEqualTo("42[\"numbered\",0,\"\"]");
        assertThat(packets.get(49)).isEqualTo("42[\"numbered\",49,\"\"]");
        assertThat(polls).isLessThan(50);
    }

    @Test
    void binaryTravelsAsBase64() {
        PollingClient client = polling(OPEN);
        client.connect();

        client.send("451-[\"message\",{\"_placeholder\":true,\"num\":0}]", "bAQIDBA==");

        assertThat(client.next()).isEqualTo("451-[\"message-back\",{\"_placeholder\":true,\"num\":0}]");
        assertThat(client.next()).isEqualTo("bAQIDBA==");
    }

    @Test
    void pollIsHeldUntilThereIsSomething() {
        PollingClient client = polling(OPEN);
        client.connect();

        CompletableFuture<Reply> held = client.poll();
        client.send("42[\"message\",\"late\"]");

        assertThat(PollingClient.await(held).body()).isEqualTo("42[\"message-back\",\"late\"]");
    }

    @Test
    void duplicatePollClosesTheSession() {
        PollingClient client = polling(OPEN);
        client.connect();

        CompletableFuture<Reply> one = client.poll();
        CompletableFuture<Reply> two = client.poll();
        List<Reply> replies = List.of(PollingClient.await(one), PollingClient.await(two));

        assertThat(replies).extracting(Reply::status).containsExactlyInAnyOrder(200, 400);
        assertThat(replies)
                .filteredOn(reply -> reply.status() == 200)
                .extracting(Reply::body)
                .containsExactly("1");
        assertThat(client.get().status()).isEqualTo(400);
    }

    @Test
    void secondPostWhileOneIsOnItsWayClosesTheSession() {
        PollingClient client = polling(OPEN);
        client.connect();
        try (RawHttp slow = RawHttp.announce(server(OPEN), "POST", client.query(), 16)) {
            slow.write("42[\"mes");
            AtomicInteger status = new AtomicInteger();
            Waiting.until("the server has met the one that is on its way", () -> {
                status.set(client.post("42[\"message\",2]").status());
                return status.get() != 200;
            });
            assertThat(status.get()).isEqualTo(400);
        }
        Reply poll = client.get();
        if (poll.status() == 200 && !poll.body().equals("1")) {
            poll = client.get(); // what was pending came first, the close packet has a payload of its own
        }
        if (poll.status() == 200) {
            assertThat(poll.body()).isEqualTo("1");
            poll = client.get();
        }
        assertThat(poll.status()).isEqualTo(400);
    }

    @Test
    void postsOneAfterTheOtherKeepTheirOrder() {
        PollingClient client = polling(OPEN);
        client.connect();
        for (int i = 0; i < 20; i++) {
            client.send("42[\"message\"," + i + "]");
        }
        for (int i = 0; i < 20; i++) {
            assertThat(client.next()).isEqualTo("42[\"message-back\"," + i + "]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "9", "40\u001exyz"})
    void invalidPacketClosesTheSession(String payload) {
        PollingClient client = polling(OPEN);

        client.post(payload);

        assertThat(gone(client)).isTrue();
    }

    @Tag(TransportContract.STRICTER)
    @ParameterizedTest
    @ValueSource(strings = {"abc", "9", "", "40\u001e", "bnot*base64"})
    void invalidPayloadIsAnsweredByAClosePacket(String payload) {
        PollingClient client = polling(OPEN);

        assertThat(client.post(payload).status()).isEqualTo(200);
        assertThat(gone(client)).isTrue();
    }

    @Test
    void bodyOfTheLargestSizeIsTaken() {
        PollingClient client = polling(GUARDED);
        client.connect();
        String frame = "42[\"message\",\"\"]";
        String filler = "x".repeat(GUARDED_PAYLOAD - frame.length());

        client.send("42[\"message\",\"" + filler + "\"]");

        assertThat(client.next()).isEqualTo("42[\"message-back\",\"" + filler + "\"]");
    }

    @Test
    void largerBodyIsRefused() {
        PollingClient client = polling(GUARDED);
        client.connect();

        // by its announced length alone: a reply beside a body that is still being sent may be lost with the connection
        try (RawHttp post = RawHttp.announce(server(GUARDED), "POST", client.query(), GUARDED_PAYLOAD + 1)) {
            assertThat(post.status()).isEqualTo(413);
        }
    }

    @Test
    void largerBodyIsRefusedAlsoWhenItsLengthIsNotAnnounced() {
        PollingClient client = polling(GUARDED);
        client.connect();
        try (RawHttp post = RawHttp.chunked(server(GUARDED), "POST", client.query())) {
            for (int i = 0; i < 5; i++) {
                post.tryChunk("x".repeat(GUARDED_PAYLOAD / 2));
            }
            post.tryWrite("0\r\n\r\n");
            assertThat(post.status()).isIn(413, RawHttp.HUNG_UP);
        }
    }

    @Test
    void closePacketOfTheClientEndsTheSession() {
        PollingClient client = polling(OPEN);
        client.connect();
        CompletableFuture<Reply> held = client.poll();

        client.send("1");

        Reply released = PollingClient.await(held);
        if (released.status() == 200) { // otherwise the poll came in after the end
            assertThat(released.body()).isEqualTo("6");
        }
        assertThat(gone(client)).isTrue();
    }

    @Test
    void serverSaysGoodbyeBeforeItCloses() {
        PollingClient client = polling(OPEN);
        client.connect();

        client.send("42[\"end-connection\"]");

        assertThat(client.next()).isEqualTo("41");
        String last = client.next();
        assertThat(last.equals("6") ? client.next() : last).isEqualTo("1");
        assertThat(gone(client)).isTrue();
    }

    @Test
    @Tag(TransportContract.STRICTER)
    void whoIsDisconnectedForSendingTooMuchHearsWhyBefore() {
        PollingClient client = polling(ServerVariant.JUDGED);
        client.send("40{\"user\":\"loud over polling\"}");
        assertThat(client.next()).startsWith("40{");
        assertThat(client.next()).startsWith("42[\"auth\"");
        String told = "";
        while (!told.contains("\"action\":\"disconnect\"")) {
            client.send("421[\"rarely\"]");
            told = client.next().contains("\"rate_limited\"") ? client.next() : "";
        }
        assertThat(told).startsWith("42[\"realtime:error\"");
        assertThat(client.next()).isEqualTo("41");
    }

    /** Whether the server has forgotten the session; a poll that still brings its last packets does not count. */
    private static boolean gone(PollingClient client) {
        Reply reply = client.get();
        for (int i = 0; i < 3 && reply.status() == 200; i++) {
            reply = client.get();
        }
        return reply.status() == 400 && FlatJson.raw(reply.body(), "code").equals("1");
    }
}
