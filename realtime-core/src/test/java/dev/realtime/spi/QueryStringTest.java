package dev.realtime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QueryStringTest {
    @Test
    void namesAndValuesAreDecodedOnce() {
        assertThat(QueryString.parse("a=1&b=%2526&a=2&c&%C3%A4+x=%20y+z&&d=e=f"))
                .isEqualTo(Map.of(
                        "a", List.of("1", "2"),
                        "b", List.of("%26"),
                        "c", List.of(""),
                        "\u00e4 x", List.of(" y z"),
                        "d", List.of("e=f")));
    }

    @Test
    void aMalformedEscapeStaysAsItIs() {
        assertThat(QueryString.parse("a=%zz&b=%")).isEqualTo(Map.of("a", List.of("%zz"), "b", List.of("%")));
    }

    @Test
    void noQueryHasNoParameters() {
        assertThat(QueryString.parse(null)).isEmpty();
        assertThat(QueryString.parse("")).isEmpty();
    }

    @Test
    void tooManyParametersShowAndAreNotAllRead() {
        assertThat(QueryString.parse(parameters(100))).hasSize(100);
        assertThat(QueryString.parse(parameters(5_000))).hasSize(101);
        assertThat(QueryString.parse("a&".repeat(5_000)).get("a")).hasSize(101);
    }

    private static String parameters(int count) {
        return IntStream.range(0, count).mapToObj(i -> "p" + i + "=1").collect(Collectors.joining("&"));
    }
}
