package dev.realtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.Broadcast;
import dev.realtime.Event;
import dev.realtime.redis.server.RedisServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A publisher speaks to the namespaces that a node could serve, and to nothing else. */
class PublisherNamesTest {
    private static @Nullable RedisServer server;
    private static @Nullable RealtimePublisher publisher;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
        publisher = RealtimePublisher.connect(server.url());
    }

    @AfterAll
    static void stop() {
        publisher.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "chat", "/a#node-1", "/#", "/a,b", "/a?b", "/a b", "/a\n"})
    void whatIsNoNamespaceIsRefused(String name) {
        assertThatThrownBy(() -> publisher.namespace(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a namespace begins with '/'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/chat", "/match/17", "/ünï"})
    void aNamespaceIsTaken(String name) {
        assertThat(publisher.namespace(name)).isNotNull();
    }

    @Test
    void anEventThatPersistsIsRefused() {
        Event<String> letter = Event.of("letter", String.class).persistOffline();
        Broadcast bob = publisher.namespace("/").user("bob");
        assertThatThrownBy(() -> bob.emit(letter, "hi"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'letter' persists, and can be emitted by a node alone");
        assertThatThrownBy(() -> bob.asVolatile().emit(letter, "hi")).isInstanceOf(IllegalArgumentException.class);
    }
}
