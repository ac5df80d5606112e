package dev.realtime.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.redis.internal.intake.Heard;
import org.junit.jupiter.api.Test;

/** Nodes that do the same because of the same message give it the same names, and nothing has a name when it is too late. */
class OnceEffectsTest {
    private long now = 1_000;

    private OnceEffects effects(String channel, String id) {
        return new OnceEffects(new Heard(channel, "x".getBytes(UTF_8), 1_000), id, () -> now);
    }

    @Test
    void allNodesGiveTheSameNames() {
        OnceEffects here = effects("c", "m1");
        OnceEffects there = effects("c", "m1");
        String first = here.next("/", "emit said").text();
        assertThat(there.next("/", "emit said").text()).isEqualTo(first);
        assertThat(here.next("/", "emit said").text())
                .isNotEqualTo(first)
                .isEqualTo(there.next("/", "emit said").text());
    }

    @Test
    void whatAnotherVersionDoesBesidesChangesNoOtherName() {
        OnceEffects former = effects("c", "m1");
        OnceEffects later = effects("c", "m1");
        later.next("/", "emit news");
        later.next("/chat", "emit said");
        assertThat(later.next("/", "emit said")).isEqualTo(former.next("/", "emit said"));
    }

    @Test
    void otherMessagesHaveOtherNames() {
        assertThat(effects("c", "m1").next("/", "join"))
                .isNotEqualTo(effects("c", "m2").next("/", "join"))
                .isNotEqualTo(effects("d", "m1").next("/", "join"))
                .isNotEqualTo(effects("c", "m1").next("/", "leave"));
        assertThat(effects("c:m", "1").next("/", "join"))
                .isNotEqualTo(effects("c", "m:1").next("/", "join"));
        assertThat(effects("c".repeat(128), "m".repeat(256))
                        .next("/", "emit " + "e".repeat(128))
                        .text())
                .as("as long as an id of an entry may be")
                .hasSizeLessThanOrEqualTo(256);
    }

    @Test
    void nothingIsDoneTooLate() {
        OnceEffects effects = effects("c", "m1");
        now += OnceEffects.MOST_AGE.toNanos();
        effects.next("/", "join");
        now++;
        assertThatThrownBy(() -> effects.next("/", "join"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("might be done twice");
    }

    @Test
    void nothingIsDoneBehindTheHandler() {
        OnceEffects effects = effects("c", "m1");
        effects.end();
        assertThatThrownBy(() -> effects.next("/", "join"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("before it returns");
    }
}
