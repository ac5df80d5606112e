package dev.realtime.redis.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime.Realtime;
import dev.realtime.redis.BackendUnavailableException;
import dev.realtime.redis.server.RedisServer;
import dev.realtime.standalone.StandaloneServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What docs/cluster.md, docs/relay.md and README.md show of clusters compiles, runs and is what it shows. */
class ClusterDocumentTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @ParameterizedTest
    @CsvSource({"docs/cluster.md, 6", "docs/relay.md, 1", "README.md, 1"})
    void aDocumentShowsTheCodeThatIsCompiledHere(String document, int atLeast) throws IOException {
        String code =
                unindented(Files.readString(Path.of("src/test/java/dev/realtime/redis/document/ClusterExamples.java")));
        List<String> shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("..", document)))
                .results()
                .map((MatchResult block) -> unindented(block.group(1)))
                .filter(block -> document.startsWith("docs/") || block.contains("Redis"))
                .toList();
        assertThat(shown).hasSizeGreaterThanOrEqualTo(atLeast);
        assertThat(shown).allSatisfy(snippet -> assertThat(code).contains(snippet.split("\n\n|\n(?=import )")));
    }

    private static String unindented(String code) {
        return code.replaceAll("(?m)^ +", "");
    }

    @Test
    void twoNodesAreOneTavernAndHearThePublisher() {
        try (RedisServer redis = RedisServer.start();
                StandaloneServer one = ClusterExamples.open(0, redis.url());
                StandaloneServer two = ClusterExamples.open(0, redis.url())) {
            Guest ann = Guest.at(one);
            Guest bob = Guest.at(two);
            ann.socket().sendText("42[\"chat:say\",\"hi\"]", true).join();
            await().atMost(PATIENCE).until(() -> bob.hasHeard("\"text\":\"hi\""));

            ClusterExamples.announce(redis.url());
            await().atMost(PATIENCE).until(() -> ann.hasHeard("last orders!") && bob.hasHeard("last orders!"));
        }
    }

    @Test
    void theNodesOfTheExampleAskEachOther() {
        try (RedisServer redis = RedisServer.start();
                Realtime one = ClusterExamples.withNews(redis.url());
                Realtime two = ClusterExamples.withNews(redis.url())) {
            assertThat(two.isOpen()).isTrue();
            await().atMost(PATIENCE)
                    .until(() -> ClusterExamples.ask(one)
                            .toCompletableFuture()
                            .join()
                            .equals(List.of(new ClusterExamples.Load("arena-2", 17))));
            assertThat(ClusterExamples.inTheTavern(one).toCompletableFuture().join())
                    .isEmpty();
            assertThat(ClusterExamples.openLobbies(one).toCompletableFuture().join())
                    .isEmpty();
            assertThat(ClusterExamples.mayBeInvited(one, "nobody")
                            .toCompletableFuture()
                            .join())
                    .isFalse();
        }
    }

    @Test
    void theOptionsOfTheExampleAreValidAndOnlyTheServersAreMissing() {
        assertThatThrownBy(ClusterExamples::tuned)
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageNotContaining("secret");
    }

    /** A client that hears everything in the tavern. */
    private record Guest(WebSocket socket, List<String> heard) {
        static Guest at(StandaloneServer node) {
            List<String> heard = new CopyOnWriteArrayList<>();
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://localhost:" + node.port() + "/socket.io/?EIO=4&transport=websocket"),
                            new WebSocket.Listener() {
                                @Override
                                public @Nullable CompletionStage<?> onText(
                                        WebSocket from, CharSequence data, boolean last) {
                                    heard.add(data.toString());
                                    from.request(1);
                                    return null;
                                }
                            })
                    .join();
            socket.sendText("40", true).join();
            Guest guest = new Guest(socket, heard);
            await().atMost(PATIENCE).until(() -> guest.hasHeard("40{"));
            return guest;
        }

        boolean hasHeard(String text) {
            return heard.stream().anyMatch(message -> message.contains(text));
        }
    }
}
