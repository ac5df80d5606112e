package dev.realtime.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.realtime.HandshakeView;
import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.RoomKey;
import dev.realtime.SessionView;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Bus;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Retention;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.Target;
import dev.realtime.testkit.backend.ClusterBackend;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Nothing but bytes crosses from node to node. */
class ClusterBackendBytesTest {
    private static final Retention AMPLE = new Retention(Duration.ofHours(1), 1_000, 1L << 20);

    private final VirtualTime time = VirtualTime.create();
    private final ClusterBackend cluster = ClusterBackend.create(time);
    private final Backend one = cluster.forNode();
    private final Backend other = cluster.forNode();

    @Test
    void whatABufferBecomesAfterTheAppendIsNobodysBusiness() {
        byte[] json = "[\"a\"]".getBytes(StandardCharsets.UTF_8);
        byte[] binary = {1, 2};
        Log log = one.log("/", "n1", AMPLE);
        Position start = log.tail();
        log.append(new LogEntry.Emit(Target.EVERYBODY, new EventData(json, List.of(binary))));
        json[2] = 'X';
        binary[0] = 9;
        for (int reading = 0; reading < 2; reading++) {
            LogEntry.Emit read = (LogEntry.Emit) other.log("/", "n2", AMPLE)
                    .read(start, Position.END, 10)
                    .toCompletableFuture()
                    .join()
                    .get(0)
                    .entry();
            assertThat(read.event().json()).asString().isEqualTo("[\"a\"]");
            assertThat(read.event().attachments().get(0)).containsExactly(1, 2);
            read.event().json()[2] = 'Y';
        }
    }

    @Test
    void everyMessageOfTheBusArrivesAsAnotherObjectThatIsEqual() {
        Target target = new Target(Set.of("a", "b"), Set.of("c"), "n2");
        List<BusMessage> messages = List.of(
                new BusMessage.Fetch("q1", target),
                new BusMessage.Asked("q2", 2, Set.of("s1", "s2")),
                new BusMessage.Answered("q2", "s1", null),
                new BusMessage.Fetched(
                        "q1",
                        List.of(SessionView.of(
                                "s1",
                                "n1",
                                Principal.of("u")
                                        .roles(Set.of("r"))
                                        .permissions(Set.of("p"))
                                        .claims(Map.of("k", List.of(1))),
                                Set.of(RoomKey.parse("zone:a")),
                                Map.of("score", "7"),
                                true,
                                new HandshakeView(
                                        Instant.ofEpochMilli(5),
                                        "10.0.0.7",
                                        true,
                                        "/socket.io/",
                                        Map.of("EIO", "4"),
                                        Map.of("origin", "https://game.example"))))),
                new BusMessage.TakenOver("s1", 7));
        Bus from = one.bus("/", "n1");
        List<BusMessage> heard = new ArrayList<>();
        other.bus("/", "n2").subscribe((node, message) -> heard.add(message));
        messages.forEach(from::publish);
        assertThat(heard).isEqualTo(messages);
        for (int i = 0; i < messages.size(); i++) {
            assertThat(heard.get(i)).isNotSameAs(messages.get(i));
        }
    }

    @Test
    void eventsOnTheBusKeepTheirBytes() {
        byte[] json = "[\"a\",{\"_placeholder\":true,\"num\":0}]".getBytes(StandardCharsets.UTF_8);
        EventData event = new EventData(json, List.of(new byte[] {0, -1}));
        List<BusMessage> heard = new ArrayList<>();
        other.bus("/", "n2").subscribe((node, message) -> heard.add(message));
        Bus from = one.bus("/", "n1");
        from.publish(new BusMessage.Volatile(Target.EVERYBODY, event, "key"));
        from.publish(new BusMessage.Ask("q", Target.EVERYBODY, event, Duration.ofSeconds(3)));
        from.publish(new BusMessage.ServerEvent(null, event));
        from.publish(new BusMessage.ServerReply("q", event));
        from.publish(new BusMessage.Answered("q", null, event));
        List<EventData> arrived = List.of(
                ((BusMessage.Volatile) heard.get(0)).event(),
                ((BusMessage.Ask) heard.get(1)).request(),
                ((BusMessage.ServerEvent) heard.get(2)).event(),
                ((BusMessage.ServerReply) heard.get(3)).answer(),
                ((BusMessage.Answered) heard.get(4)).answer());
        for (EventData each : arrived) {
            assertThat(each.json()).isEqualTo(json).isNotSameAs(json);
            assertThat(each.attachments().get(0)).containsExactly(0, -1);
        }
        assertThat(((BusMessage.Ask) heard.get(1)).timeout()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void whatIsStoredKnowsNoTypeOfAnEngine() {
        JavaClasses backend = new ClassFileImporter().importPackages("dev.realtime.testkit.backend");
        ArchRuleDefinition.noFields()
                .that()
                .areDeclaredInClassesThat()
                .haveSimpleNameStartingWith("Stored")
                .should()
                .haveRawType(LogEntry.class)
                .orShould()
                .haveRawType(EventData.class)
                .orShould()
                .haveRawType(SessionRecord.class)
                .orShould()
                .haveRawType(BusMessage.class)
                .check(backend);
    }
}
