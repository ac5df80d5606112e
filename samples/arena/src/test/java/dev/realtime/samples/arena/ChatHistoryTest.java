package dev.realtime.samples.arena;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.samples.arena.Contracts.Said;
import org.junit.jupiter.api.Test;

class ChatHistoryTest {
    private final ChatHistory chat = new ChatHistory("tavern");
    private final Player ann = Player.newcomer("a", "Ann", "#123456");

    @Test
    void keepsTheLastLinesAndGoesOnCounting() {
        for (int i = 1; i <= 100; i++) {
            assertThat(chat.say(ann, "line " + i, i, Said::seq)).isEqualTo(i);
        }
        assertThat(chat.lines()).hasSize(ChatHistory.KEPT);
        assertThat(chat.lines().get(0).text()).isEqualTo("line 71");
        assertThat(chat.lines().get(29)).isEqualTo(new Said(100, "tavern", "a", "Ann", ann.colour(), "line 100", 100));
    }
}
