package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.Recovery;
import dev.realtime.memory.InMemoryBackend;
import dev.realtime.spi.Ids;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.InMemoryTransport;
import dev.realtime.testkit.SequentialIds;
import dev.realtime.testkit.TestRequest;
import dev.realtime.testkit.TestUsers;
import dev.realtime.testkit.VirtualExecutor;
import dev.realtime.testkit.VirtualTime;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A generator of ids that fails, such as one that has no randomness, costs one client its attempt and nothing else. */
class FailingIdsTest {
    private static final Pattern PRIVATE_ID = Pattern.compile("\"pid\":\"([^\"]+)\"");

    private final VirtualTime time = VirtualTime.create();
    private final VirtualExecutor executor = new VirtualExecutor(time);
    private final Ids ids = new SequentialIds("n0");
    private int left = Integer.MAX_VALUE; // so many more are made
    private final Realtime realtime = Game.open()
            .recovery(Recovery.within(Duration.ofMinutes(2)))
            .time(time)
            .ids(this::next)
            .authenticator(new TestUsers())
            .executor(executor)
            .engineExecutor(executor)
            .backend(InMemoryBackend.create())
            .build();
    private final InMemoryTransport transport = new InMemoryTransport(realtime.doors(), time, executor);

    private String next() {
        if (left-- <= 0) {
            throw new IllegalStateException("no randomness");
        }
        return ids.next();
    }

    @AfterEach
    void stop() {
        var unused = realtime.drain(Duration.ofSeconds(1));
        time.advance(Duration.ofSeconds(10));
        realtime.close();
        time.settle();
    }

    @Test
    void aNewClientIsRefusedAndTheNextOneIsAdmitted() {
        InMemoryConnection socket = open();
        left = 0;
        connect(socket, "40{\"user\":\"ann\"}");
        assertThat(socket.texts()).anyMatch(text -> text.startsWith("44") && text.contains("handler_failed"));
        left = Integer.MAX_VALUE;
        connect(socket, "40{\"user\":\"ann\"}");
        assertThat(socket.texts()).anyMatch(text -> text.startsWith("40{"));
    }

    /** A new session has a private id beside its own. It is too late to refuse the client by then; a closed connection makes it come back. */
    @Test
    void aClientWhoseSessionCannotBeginIsSentAwayToComeBack() {
        InMemoryConnection socket = open();
        left = 1;
        connect(socket, "40{\"user\":\"ann\"}");
        assertThat(socket.isOpen()).isFalse();
        assertThat(realtime.namespace("/").sessions()).isEmpty();

        left = Integer.MAX_VALUE;
        InMemoryConnection next = open();
        connect(next, "40{\"user\":\"ann\"}");
        assertThat(next.texts()).anyMatch(text -> text.startsWith("40{"));
    }

    /** Refused, it would not come back by itself, and its session would be lost. */
    @Test
    void aReturningClientIsSentAwayToComeBackAndHasItsSessionThen() {
        InMemoryConnection first = open();
        connect(first, "40{\"user\":\"ann\"}");
        Matcher privateId = PRIVATE_ID.matcher(first.texts().toString());
        assertThat(privateId.find()).isTrue();
        String again = "40{\"user\":\"ann\",\"pid\":\"" + privateId.group(1) + "\"}";
        first.reset();
        time.settle();

        InMemoryConnection second = open();
        left = 0;
        connect(second, again);
        assertThat(second.isOpen()).isFalse();
        assertThat(second.texts()).noneMatch(text -> text.startsWith("44"));

        left = Integer.MAX_VALUE;
        InMemoryConnection third = open();
        connect(third, again);
        assertThat(third.texts()).anyMatch(text -> text.startsWith("40{") && text.contains(privateId.group(1)));
    }

    private InMemoryConnection open() {
        InMemoryConnection socket = transport.open(TestRequest.of("GET", "/socket.io/")
                .query("EIO", "4")
                .query("transport", "websocket")
                .view());
        time.settle();
        return socket;
    }

    private void connect(InMemoryConnection socket, String packet) {
        socket.send(packet);
        time.settle();
    }
}
