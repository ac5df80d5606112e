package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.RateLimit;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The limits of a role-playing game, by the moments at which an event is admitted that is always sent as soon as the server allows it. */
class RateTableTest {
    static final RateLimit MESSAGES = RateLimit.perMinute(100).burst(20).category("messages");
    static final RateLimit ACTIONS = RateLimit.perMinute(150).burst(20).category("actions");

    static final Request<Text, Text> SEND =
            request("chat:send_message", RateLimit.perMinute(20).perHour(500).burst(5));
    static final Request<Text, Text> FIGHT =
            request("game:combat_action", RateLimit.perMinute(30).perHour(1_000).burst(10));
    static final Request<Text, Text> MOVE =
            request("game:move", RateLimit.perMinute(60).perHour(2_000).burst(10));
    static final Request<Text, Text> INVITE =
            request("party:invite", RateLimit.perMinute(5).perHour(20).burst(2).cooldown(Duration.ofSeconds(10)));
    static final Request<Text, Text> INVITE_MEMBER = request(
            "guild:invite_member", RateLimit.perMinute(3).perHour(15).burst(1).cooldown(Duration.ofSeconds(30)));
    static final Request<Text, Text> TRADE =
            request("trade:request", RateLimit.perMinute(5).perHour(25).burst(2).cooldown(Duration.ofSeconds(5)));
    static final Request<Text, Text> TYPE = request("chat:typing_start", MESSAGES);
    static final Request<Text, Text> STOP_TYPING = request("chat:typing_stop", MESSAGES);
    static final Request<Text, Text> USE = request("game:use_item", ACTIONS);

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder().namespace("/", game -> {
        game.allowAnonymous();
        for (var event : List.of(SEND, FIGHT, MOVE, INVITE, INVITE_MEMBER, TRADE, TYPE, STOP_TYPING, USE)) {
            game.on(event, (session, text) -> text);
        }
    }));

    private static Request<Text, Text> request(String name, RateLimit limit) {
        return Request.of(name, Text.class, Text.class).limit(limit);
    }

    private static boolean isAdmitted(TestClient client, Request<Text, Text> event) {
        return retryAfter(client.ask(event, new Text("x"))) == 0;
    }

    private static int retryAfter(TestReply<Text> reply) {
        return reply.answer().get(0).path("error").path("retryAfterMs").asInt();
    }

    /** When the first so many events are admitted, in milliseconds. A millisecond before, they are not. */
    private List<Long> admitted(Request<Text, Text> event, int events) {
        TestClient ann = realtime.connect("/", "ann");
        List<Long> admitted = new ArrayList<>();
        long now = 0;
        while (admitted.size() < events) {
            int retryAfter = retryAfter(ann.ask(event, new Text("x")));
            if (retryAfter == 0) {
                admitted.add(now);
                continue;
            }
            realtime.advance(Duration.ofMillis(retryAfter - 1));
            assertThat(isAdmitted(ann, event))
                    .as("a millisecond before %s of %s", now + retryAfter, event.name())
                    .isFalse();
            realtime.advance(Duration.ofMillis(1));
            now += retryAfter;
        }
        return admitted;
    }

    /** So many at once, then one at each pace, until there are so many. */
    private static List<Long> minute(long from, int burst, long pace, int events) {
        List<Long> minute = new ArrayList<>(Collections.nCopies(burst, from));
        for (int i = 1; minute.size() < events; i++) {
            minute.add(from + i * pace);
        }
        return minute;
    }

    private static List<Long> hour(int burst, long pace, int eventsPerMinute, int events) {
        List<Long> hour = new ArrayList<>();
        for (long minute = 0; hour.size() < events; minute++) {
            hour.addAll(minute(minute * 60_000, burst, pace, Math.min(eventsPerMinute, events - hour.size())));
        }
        return hour;
    }

    /** The hour's 500 are used up after 25 minutes, and the first of the next hour come as those of this one did. */
    private void assertPaced(Request<Text, Text> event, int perMinute, int perHour, int burst) {
        List<Long> expected = hour(burst, 60_000 / perMinute, perMinute, perHour);
        expected.addAll(minute(3_600_000, burst, 0, burst));
        assertThat(admitted(event, perHour + burst)).isEqualTo(expected);
    }

    @Test
    void chatIsPacedAndUsesUpItsHourAtThePaceOfItsMinute() {
        assertPaced(SEND, 20, 500, 5);
    }

    @Test
    void combatIsPacedAndUsesUpItsHourAtThePaceOfItsMinute() {
        assertPaced(FIGHT, 30, 1_000, 10);
    }

    @Test
    void movementIsPacedAndUsesUpItsHourAtThePaceOfItsMinute() {
        assertPaced(MOVE, 60, 2_000, 10);
    }

    /** Two at once, then so long until the next two. */
    private void assertCoolsDown(Request<Text, Text> event, long cooldown, int perHour) {
        List<Long> expected = new ArrayList<>();
        for (long minute = 0; expected.size() < perHour; minute += 60_000) {
            expected.addAll(List.of(minute, minute, minute + cooldown, minute + cooldown, minute + 2 * cooldown));
        }
        expected.addAll(List.of(3_600_000L, 3_600_000L, 3_600_000 + cooldown));
        assertThat(admitted(event, perHour + 3)).isEqualTo(expected);
    }

    @Test
    void partyInvitationsComeInPairsTenSecondsApart() {
        assertCoolsDown(INVITE, 10_000, 20);
    }

    @Test
    void tradeRequestsComeInPairsFiveSecondsApart() {
        assertCoolsDown(TRADE, 5_000, 25);
    }

    /** Three a minute is what a cooldown of half a minute never lets come to pass. */
    @Test
    void guildInvitationsComeHalfAMinuteApart() {
        List<Long> expected = new ArrayList<>();
        for (long invitation = 0; invitation < 15; invitation++) {
            expected.add(invitation * 30_000);
        }
        expected.addAll(List.of(3_600_000L, 3_630_000L));
        assertThat(admitted(INVITE_MEMBER, 17)).isEqualTo(expected);
    }

    @Test
    void messagesOfAllKindsAreAHundredAMinuteTogether() {
        List<Long> expected = minute(0, 20, 600, 100);
        expected.addAll(minute(60_000, 20, 0, 20));
        assertThat(admitted(TYPE, 120)).isEqualTo(expected);
        TestClient ann = realtime.connect("/", "ann");
        assertThat(isAdmitted(ann, STOP_TYPING)).isFalse();
        assertThat(isAdmitted(realtime.connect("/", "bob"), STOP_TYPING)).isTrue();
        assertThat(isAdmitted(ann, USE)).isTrue();
    }

    @Test
    void actionsOfAllKindsAreAHundredAndFiftyAMinuteTogether() {
        List<Long> expected = minute(0, 20, 400, 150);
        expected.addAll(minute(60_000, 20, 0, 20));
        assertThat(admitted(USE, 170)).isEqualTo(expected);
    }

    @Test
    void whoKeepsToThePaceIsNeverRefused() {
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 600; i++) {
            assertThat(isAdmitted(ann, SEND)).as("message %s", i).isTrue();
            realtime.advance(Duration.ofMillis(3_600_000 / 500));
        }
    }
}
