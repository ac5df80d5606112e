package dev.realtime.samples.arena;

import static dev.realtime.samples.arena.Contracts.CHARACTER_UPDATE;
import static dev.realtime.samples.arena.Contracts.SYSTEM_ANNOUNCEMENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.redis.RealtimePublisher;
import dev.realtime.samples.arena.Contracts.Announcement;
import dev.realtime.samples.arena.Contracts.CharacterUpdate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two arenas on one Redis are one world. */
class ClusterTest {
    private static final String SECRET = "a secret of more than thirty-two bytes";

    @TempDir
    static Path directory;

    private static RealRedis redis;
    private static Arena first;
    private static Arena second;

    @BeforeAll
    static void start() throws IOException {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(20));
        Optional<RealRedis> started = RealRedis.start(directory);
        Assumptions.assumeTrue(started.isPresent(), "no redis-server for this machine: two nodes were not tested");
        redis = started.get();
        first = node("one");
        second = node("two");
    }

    @AfterAll
    static void stop() throws InterruptedException {
        Awaitility.reset();
        if (redis != null) {
            first.close();
            second.close();
            redis.close();
        }
    }

    private static Arena node(String name) {
        return Arena.start(Settings.from(Map.of(
                "PORT", "0", "NODE", name, "JWT_SECRET", SECRET, "REDIS_URL", redis.url(), "DRAIN_SECONDS", "0")));
    }

    @Test
    void whoIsAtAnotherNodeIsInTheSameZone() throws Exception {
        try (Visitor ann = Visitor.named("Ann", first.address());
                Visitor bob = Visitor.named("Bob", second.address())) {
            ann.ask("zone:enter", "zone", "tavern");
            assertThat(names(bob.ask("zone:enter", "zone", "tavern").path("members")))
                    .containsExactlyInAnyOrder("Ann", "Bob");
            await().untilAsserted(() -> assertThat(ann.seesIn("tavern")).containsExactlyInAnyOrder(ann.id(), bob.id()));
            assertThat(ann.heard("welcome").get(0).path("node").asText()).isEqualTo("one");
            assertThat(bob.heard("welcome").get(0).path("node").asText()).isEqualTo("two");

            ann.ask("chat:say", "text", "Hello over there");
            bob.ask("chat:say", "text", "Hello yourself");
            await().untilAsserted(() -> {
                assertThat(texts(bob.heard("chat:said"))).containsExactly("Hello over there", "Hello yourself");
                assertThat(bob.heard("chat:said")).isEqualTo(ann.heard("chat:said"));
            });

            ann.walk(100, 120);
            await().untilAsserted(() -> assertThat(bob.heard("moved"))
                    .anySatisfy(moved -> assertThat(moved.path("x").asDouble()).isEqualTo(100)));
            assertThat(names(bob.world().path("players"))).contains("Ann", "Bob");

            ann.leave();
            await().untilAsserted(() -> assertThat(bob.seesIn("tavern")).containsExactly(bob.id()));
        }
    }

    @Test
    void whatOtherServicesSayEverybodyHearsOnce() throws Exception {
        try (Visitor ann = Visitor.named("Ann", first.address());
                Visitor bob = Visitor.named("Bob", second.address());
                RealtimePublisher service = RealtimePublisher.connect(redis.url())) {
            service.publish(
                            CHARACTER_UPDATE,
                            new CharacterUpdate(bob.id(), Map.of("level", 7), "2026-11-27T20:15:00Z", "forge-1"))
                    .toCompletableFuture()
                    .join();
            for (String id : List.of("n1", "n1", "n2")) { // the first is said twice
                service.publish(SYSTEM_ANNOUNCEMENT, new Announcement(id, "The market closes, " + id))
                        .toCompletableFuture()
                        .join();
            }
            for (Visitor visitor : List.of(ann, bob)) {
                await().untilAsserted(() -> assertThat(texts(visitor.heard("system:announcement")))
                        .containsExactly("The market closes, n1", "The market closes, n2"));
            }
            assertThat(bob.heard("character:changed"))
                    .singleElement()
                    .satisfies(update -> assertThat(
                                    update.path("update_data").path("level").asInt())
                            .isEqualTo(7));
            assertThat(ann.heard("character:changed")).isEmpty();
        }
    }

    @Test
    void aNodeThatStartsLaterKnowsWhatWasSaid() throws Exception {
        try (Visitor cara = Visitor.named("Cara", first.address())) {
            cara.ask("zone:enter", "zone", "harbour");
            cara.ask("chat:say", "text", "The boat is in");
            Arena third = node("three");
            try (Visitor dan = Visitor.named("Dan", third.address())) {
                await().untilAsserted(
                                () -> assertThat(texts(dan.world().path("chat").path("harbour")))
                                        .containsExactly("The boat is in"));
                JsonNode answer = dan.ask("zone:enter", "zone", "harbour");
                assertThat(names(answer.path("members"))).containsExactlyInAnyOrder("Cara", "Dan");
                assertThat(dan.ask("chat:say", "text", "So it is").path("seq").asInt())
                        .isEqualTo(2);
            } finally {
                third.close();
            }
        }
    }

    @Test
    void aPlayerWhoComesToAnotherNodeIsThereAndNoLongerAtTheFirst() throws Exception {
        try (Visitor eve = Visitor.named("Eve", first.address());
                Visitor finn = Visitor.named("Finn", second.address())) {
            eve.ask("zone:enter", "zone", "forest");
            eve.walk(200, 600);
            finn.ask("zone:enter", "zone", "forest");
            await().until(() -> position(finn.world(), eve.id()) == 200);
            try (Visitor again = eve.again(second.address())) {
                await("the older session to end").until(eve::hasEnded);
                assertThat(eve.lastWord()).isEqualTo("You are playing in another window now.");
                JsonNode members = again.ask("zone:enter", "zone", "forest").path("members");
                assertThat(names(members)).containsExactlyInAnyOrder("Eve", "Finn");
                finn.ask("chat:say", "text", "Is that you?");
                await().untilAsserted(() ->
                        assertThat(texts(again.heard("chat:said"))).contains("Is that you?"));
                again.walk(200, 600);
                await().until(() -> position(again.world(), eve.id()) == 200);
                await().untilAsserted(
                                () -> assertThat(finn.seesIn("forest")).containsExactlyInAnyOrder(eve.id(), finn.id()));
            }
        }
    }

    @Test
    void whoWatchesAtAnotherNodeSeesThePlayersAndBecomesOne() throws Exception {
        try (Visitor gwen = Visitor.named("Gwen", first.address());
                Visitor hugo = Visitor.watching(second.address())) {
            gwen.ask("zone:enter", "zone", "market");
            await().untilAsserted(() -> assertThat(hugo.seesIn("market")).containsExactly(gwen.id()));
            gwen.walk(900, 250);
            await().untilAsserted(() -> assertThat(hugo.heard("moved")).isNotEmpty());
            assertThat(code(hugo.ask("zone:enter", "zone", "market"))).isEqualTo("forbidden");
            hugo.become("Hugo");
            assertThat(names(hugo.ask("zone:enter", "zone", "market").path("members")))
                    .containsExactlyInAnyOrder("Gwen", "Hugo");
            await().untilAsserted(
                            () -> assertThat(gwen.seesIn("market")).containsExactlyInAnyOrder(gwen.id(), hugo.id()));
        }
    }

    private static String code(JsonNode answer) {
        return answer.path("error").path("code").asText();
    }

    private static double position(JsonNode world, String id) {
        return StreamSupport.stream(world.path("players").spliterator(), false)
                .filter(player -> player.path("id").asText().equals(id))
                .mapToDouble(player -> player.path("x").asDouble())
                .findFirst()
                .orElse(-1);
    }

    private static List<String> names(JsonNode players) {
        return StreamSupport.stream(players.spliterator(), false)
                .map(player -> player.path("name").asText())
                .toList();
    }

    private static List<String> texts(Iterable<JsonNode> said) {
        return StreamSupport.stream(said.spliterator(), false)
                .map(line -> line.path("text").asText())
                .toList();
    }
}
