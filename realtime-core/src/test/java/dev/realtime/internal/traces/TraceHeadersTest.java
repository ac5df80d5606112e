package dev.realtime.internal.traces;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** W3C Trace Context, 3.2.2 ("traceparent") and 3.3.1 ("tracestate"): what is not well formed is as if it were not there. */
class TraceHeadersTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final String PARENT = "00-" + TRACE + "-" + SPAN + "-01";

    private static Map<String, String> read(String parent, @Nullable String state) {
        Map<String, String> headers = new TreeMap<>(Map.of("traceparent", parent, "x-other", "1"));
        if (state != null) {
            headers.put("tracestate", state);
        }
        return TraceHeaders.of(headers);
    }

    @Test
    void nothingElseGoesAlong() {
        assertThat(read(PARENT, null)).isEqualTo(Map.of("traceparent", PARENT));
        assertThat(read(PARENT, "vendor=1")).isEqualTo(Map.of("traceparent", PARENT, "tracestate", "vendor=1"));
        assertThat(TraceHeaders.of(Map.of("tracestate", "vendor=1"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-00000000000000000000000000000000-" + SPAN + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-" + TRACE + "-" + SPAN,
                "00-" + TRACE + "-" + SPAN + "-01-more",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01",
                "ff-" + TRACE + "-" + SPAN + "-01",
                "01-" + TRACE + "-" + SPAN + "-01.more",
                " " + PARENT,
                PARENT + "\n"
            })
    void aParentThatIsNotWellFormedIsNone(String parent) {
        assertThat(read(parent, "vendor=1")).isEmpty();
    }

    @Test
    void aLaterVersionMaySayMore() {
        String later = "01-" + TRACE + "-" + SPAN + "-01-what-is-to-come";
        assertThat(read(later, null)).containsEntry("traceparent", later);
        String longest = later + "x".repeat(128 - later.length());
        assertThat(read(longest, null)).containsEntry("traceparent", longest);
        assertThat(read(longest + "x", null)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "vendor", "vendor=", "=1", "Vendor=1", "vendor=1\n2", "vendor=a=b", "a=1,vendor"})
    void aStateThatIsNotWellFormedIsNone(String state) {
        assertThat(read(PARENT, state)).containsOnlyKeys("traceparent");
    }

    @Test
    void aStateHasThirtyTwoMembersAndFiveHundredTwelveCharactersAtMost() {
        assertThat(read(PARENT, members(32))).containsKey("tracestate");
        assertThat(read(PARENT, members(33))).doesNotContainKey("tracestate");
        String longest = "a=" + "1".repeat(250) + ",b=" + "2".repeat(250) + ",c=1234";
        assertThat(longest).hasSize(512);
        assertThat(read(PARENT, longest)).containsKey("tracestate");
        assertThat(read(PARENT, longest + "5")).doesNotContainKey("tracestate");
        assertThat(read(PARENT, "a=1, ,b=2 ")).as("space and empty members").containsKey("tracestate");
    }

    private static String members(int count) {
        return IntStream.range(0, count).mapToObj(i -> "v" + i + "=1").collect(Collectors.joining(","));
    }
}
