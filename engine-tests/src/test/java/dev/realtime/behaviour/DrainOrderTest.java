package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.Recovery;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.InMemoryExchange;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** I19: what was accepted is handled and answered, then the stage completes, and then nothing happens any more. */
class DrainOrderTest {
    private static final Request<Text, Text> WORK = Request.of("work", Text.class, Text.class);
    private static final Duration TEN = Duration.ofSeconds(10);

    private final List<String> seen = new ArrayList<>();
    private boolean drained;
    private Recovery recovery = Recovery.within(Duration.ofMinutes(1));
    private final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .recovery(recovery)
            .namespace(
                    "/",
                    game -> game.allowAnonymous()
                            .onSuspend((session, reason) -> see("suspend"))
                            .onDisconnect((session, reason) -> see("disconnect"))
                            .onAsync(WORK, (session, text) -> {
                                CompletableFuture<Text> done = new CompletableFuture<>();
                                later(Duration.ofMillis(40), () -> {
                                    see("handled " + text.text());
                                    done.complete(text);
                                });
                                return done;
                            })));

    private void see(String what) {
        seen.add(drained ? what + " behind the stage" : what);
    }

    private void later(Duration delay, Runnable task) {
        var unused = realtime.time().schedule(delay, task);
    }

    private CompletableFuture<Void> drain() {
        CompletableFuture<Void> stage = realtime.realtime().drain(TEN).toCompletableFuture();
        stage.thenRun(() -> drained = true);
        return stage;
    }

    @AfterEach
    void stop() {
        realtime.close();
    }

    /** Each POST that is answered 200 was accepted; one comes every 5 ms until long behind the stop. */
    @Test
    void everyRequestThatWasAcceptedOverPollingIsHandledBeforeTheStageCompletes() {
        realtime.start();
        List<String> sids = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            sids.add(handshake());
            post(sids.get(i), "40");
        }
        realtime.advance(Duration.ofMillis(50));
        List<InMemoryExchange> posts = new ArrayList<>();
        CompletableFuture<Void> stage = null;
        for (int i = 0; i < 60; i++) {
            posts.add(post(sids.get(i % 8), "42" + i + "[\"work\",{\"text\":\"" + i + "\"}]"));
            realtime.advance(Duration.ofMillis(5));
            if (i == 20) {
                stage = drain();
            }
        }
        realtime.advance(TEN);
        assertThat(stage).isDone();
        List<String> accepted = new ArrayList<>();
        for (int i = 0; i < posts.size(); i++) {
            if (posts.get(i).status() == 200) {
                accepted.add("handled " + i);
            }
        }
        assertThat(accepted).hasSizeBetween(21, 59);
        assertThat(seen).containsAll(accepted);
        assertThat(seen).noneMatch(what -> what.endsWith("behind the stage"));
    }

    @Test
    void theApplicationHasBeenToldOfAllEndsWhenTheStageCompletes() {
        realtime.start();
        realtime.connect("/", "ann");
        realtime.client().user("poll").polling(true).connect("/");
        TestClient gone = realtime.connect("/", "gone");
        gone.loseNetwork();
        drain();
        realtime.advance(TEN);
        assertThat(seen).containsOnly("suspend", "disconnect");
        assertThat(seen).filteredOn("suspend"::equals).hasSize(3);
        assertThat(seen).filteredOn("disconnect"::equals).hasSize(3);
    }

    @Test
    void theSameWithoutRecovery() {
        recovery = Recovery.off();
        realtime.start();
        realtime.connect("/", "ann");
        TestClient bob = realtime.connect("/", "bob");
        bob.ask(WORK, new Text("x"));
        realtime.settle();
        bob.closeConnection();
        drain();
        realtime.advance(TEN);
        assertThat(seen).containsExactlyInAnyOrder("handled x", "disconnect", "disconnect");
    }

    @Test
    void whoIsOnItsWayInIsLeftToComeBackElsewhere() {
        realtime.start();
        String sid = handshake();
        CompletableFuture<Void> stage = drain();
        InMemoryExchange connect = post(sid, "40");
        realtime.advance(TEN);
        assertThat(stage).isDone();
        assertThat(realtime.realtime().stats().sessions()).isZero();
        assertThat(connect.reply()).isPresent();
        assertThat(seen).noneMatch(what -> what.endsWith("behind the stage"));
    }

    @Test
    void afterTheStageNothingHappens() {
        realtime.start();
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 500; i++) {
            ann.ask(WORK, new Text("e" + i)); // twenty seconds of work
        }
        CompletableFuture<Void> stage = drain();
        realtime.advance(Duration.ofSeconds(30));
        assertThat(stage).isDone();
        assertThat(seen)
                .hasSizeGreaterThan(200)
                .filteredOn(what -> what.endsWith("behind the stage"))
                .as("but for the one that ran")
                .hasSizeLessThanOrEqualTo(1);
    }

    private InMemoryExchange post(String sid, String body) {
        return realtime.transport()
                .exchange(request("POST").query("sid", sid).view(), body.getBytes(StandardCharsets.UTF_8));
    }

    private String handshake() {
        InMemoryExchange open = realtime.transport().exchange(request("GET").view(), new byte[0]);
        realtime.settle();
        return open.text().replaceAll(".*\"sid\":\"([^\"]+)\".*", "$1");
    }

    private static TestRequest request(String method) {
        return TestRequest.of(method, "/socket.io/").query("EIO", "4").query("transport", "polling");
    }
}
