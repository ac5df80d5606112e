package dev.realtime.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TargetTest {
    private final List<String> names =
            IntStream.range(0, 20).mapToObj(number -> "zone:" + number).toList();

    @Test
    void roomsKeepTheOrderTheyWereGivenIn() {
        List<String> backwards = new ArrayList<>(names);
        Collections.reverse(backwards);
        Target target = new Target(new LinkedHashSet<>(names), new LinkedHashSet<>(backwards), null);
        assertThat(target.rooms()).containsExactlyElementsOf(names);
        assertThat(target.except()).containsExactlyElementsOf(backwards);
    }

    @Test
    void theSetsAreOnesOwnAndDoNotChange() {
        Set<String> rooms = new LinkedHashSet<>(names);
        Target target = new Target(rooms, Set.of("zone:1"), null);
        rooms.clear();
        assertThat(target.rooms()).hasSize(20);
        assertThatThrownBy(() -> target.rooms().remove("zone:1")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> target.except().remove("zone:1")).isInstanceOf(UnsupportedOperationException.class);
    }
}
