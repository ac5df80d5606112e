package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.EventRefusedException;
import dev.realtime.Realtime;
import dev.realtime.behaviour.Game.Point;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class UnknownEventTest {
    private final List<String> seen = new ArrayList<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .namespace(
                    "/",
                    game -> game.allowAnonymous().onUnknown((session, event) -> {
                        seen.add(event.name() + "/" + event.size() + "/" + event.wantsReply());
                        switch (event.name()) {
                            case "sum" -> {
                                Point point = event.argument(0, Point.class);
                                event.reply(point.x() + point.y(), "ok");
                                event.reply("never");
                            }
                            case "refused" -> throw new EventRefusedException("no", "never");
                            default -> {}
                        }
                    })));

    @Test
    void theCatchAllReadsArgumentsAndReplies() {
        TestClient ann = realtime.connect("/", "ann");
        var reply = ann.askRaw("sum", new Point(1, 2));
        assertThat(reply.answer().toString()).isEqualTo("[3, \"ok\"]");
        assertThat(reply.count()).isEqualTo(1);
        assertThat(seen).containsExactly("sum/1/true");
    }

    @Test
    void withoutAReplyTheClientGetsAnEmptyAcknowledgement() {
        TestClient ann = realtime.connect("/", "ann");
        assertThat(ann.askRaw("quiet", 1, 2).answer()).isEmpty();
        ann.emitRaw("quiet");
        assertThat(seen).containsExactly("quiet/2/true", "quiet/0/false");
    }

    @Test
    void anArgumentOfTheWrongTypeIsAnInvalidPayload() {
        TestClient ann = realtime.connect("/", "ann");
        assertThat(ann.askRaw("sum", "x").errorCode()).isEqualTo("invalid_payload");
        assertThat(ann.askRaw("refused").errorCode()).isEqualTo("no");
    }
}
