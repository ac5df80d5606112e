package dev.realtime.internal.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestKeyTest {
    @Test
    void noTwoRequestsHaveTheSameKey() {
        List<String> words = List.of("", "?", "a", "ab", "b", "\ud800", "\udbff", "\udc00", "\ud83d\ude00", "\ufffd");
        List<String> keys = new ArrayList<>();
        for (String user : words) {
            for (String key : words) {
                keys.add(RequestKey.of("/", "buy", false, user, key));
                keys.add(RequestKey.of("/", "buy", true, user, key));
                keys.add(RequestKey.of(user, key, false, "ann", "1"));
            }
        }
        assertThat(keys).doesNotHaveDuplicates();
        assertThat(keys).allMatch(key -> key.length() == 43);
    }

    @Test
    void theKeyOfARequestIsTheSameAgain() {
        assertThat(RequestKey.of("/", "buy", false, "ann", "\ud83d\ude00"))
                .isEqualTo(RequestKey.of("/", "buy", false, "ann", "\ud83d\ude00"));
    }
}
