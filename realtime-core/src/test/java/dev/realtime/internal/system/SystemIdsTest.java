package dev.realtime.internal.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.Ids;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SystemIdsTest {
    private final SystemIds ids = new SystemIds();

    @Test
    void noIdIsGivenTwiceWhoeverAsks() {
        List<String> given =
                IntStream.range(0, 10_000).parallel().mapToObj(i -> ids.next()).toList();
        assertThat(given).doesNotHaveDuplicates().allMatch(Ids::isId);
    }

    @Test
    void theBitsOfAnIdAreRandomInEachPlace() {
        List<String> given = IntStream.range(0, 2_000).mapToObj(i -> ids.next()).toList();
        for (int place = 0; place < 20; place++) {
            int at = place;
            assertThat(given.stream().map(id -> id.charAt(at)).distinct()).hasSize(64);
        }
    }
}
