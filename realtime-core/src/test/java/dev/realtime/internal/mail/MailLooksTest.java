package dev.realtime.internal.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** So many look at a time, and the others in the order in which they came. */
class MailLooksTest {
    @Test
    void whoFindsNoRoomWaits() {
        MailLooks looks = new MailLooks();
        List<Integer> ran = new ArrayList<>();
        IntStream.range(0, MailLooks.AT_ONCE + 2).forEach(i -> looks.enter(() -> ran.add(i)));
        assertThat(ran).hasSize(MailLooks.AT_ONCE);
        looks.leave(0);
        assertThat(ran).hasSize(MailLooks.AT_ONCE + 1).endsWith(MailLooks.AT_ONCE);
        IntStream.range(0, MailLooks.AT_ONCE + 1).forEach(i -> looks.leave(0));
        looks.enter(() -> ran.add(-1));
        assertThat(ran).endsWith(MailLooks.AT_ONCE, MailLooks.AT_ONCE + 1, -1);
    }
}
