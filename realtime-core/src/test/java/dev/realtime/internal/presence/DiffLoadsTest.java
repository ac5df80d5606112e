package dev.realtime.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Position;
import dev.realtime.internal.fanout.PartedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whoever takes a session over knows whether its client may have been told less than there was. */
class DiffLoadsTest {
    private static final int MOST = 1_000;
    private static final int WATCHED = 10;

    private final DiffLoads loads = new DiffLoads(MOST, WATCHED);

    private static Position at(double second) {
        return new Position((long) (second * 1_000), 0);
    }

    private static PartedEvent event(int bytes, String... rooms) {
        List<PartedEvent.Part> parts = new ArrayList<>();
        for (String room : rooms) {
            parts.add(new PartedEvent.Part(room, new byte[bytes]));
        }
        return new PartedEvent("\"e\"", parts, MOST);
    }

    @Test
    void aSecondThatWasTooMuchIsRememberedForThoseWhoWatched() {
        loads.add(at(100), event(600, "a", "b", "c"));
        loads.add(at(103), event(10, "a"));
        assertThat(loads.mayHaveBeenTooMuch(Set.of("a", "b"), at(100))).isTrue();
        assertThat(loads.mayHaveBeenTooMuch(Set.of("a", "b"), at(115))).isTrue();
        assertThat(loads.mayHaveBeenTooMuch(Set.of("d"), at(100))).isFalse();
    }

    @Test
    void itDoesNotMatterAnyMoreOnceItHasBeenShown() {
        loads.add(at(100), event(600, "a", "b"));
        assertThat(loads.mayHaveBeenTooMuch(Set.of("a", "b"), at(116))).isFalse();
    }

    @Test
    void whatIsNotMuchForAnybodyIsNotRemembered() {
        for (int second = 0; second < 100; second++) {
            loads.add(at(second), event(400, "a", "b"));
        }
        assertThat(loads.mayHaveBeenTooMuch(Set.of("a", "b"), at(50))).isFalse();
    }

    @Test
    void aNodeThatHasJustComeDoesNotKnow() {
        loads.lose(at(100));
        assertThat(loads.mayHaveBeenTooMuch(Set.of("a"), at(115))).isTrue();
        assertThat(loads.mayHaveBeenTooMuch(Set.of("a"), at(116))).isFalse();
        loads.begin();
        assertThat(loads.mayHaveBeenTooMuch(Set.of("a"), at(101))).isFalse();
    }

    @Test
    void whatHasBeenForgottenMayHaveBeenTooMuch() {
        for (int second = 0; second < 400; second++) {
            loads.add(at(second), event(600, "a", "b"));
        }
        assertThat(loads.mayHaveBeenTooMuch(Set.of("c"), at(100))).isTrue();
        assertThat(loads.mayHaveBeenTooMuch(Set.of("c"), at(399))).isFalse();
    }

    @Test
    void whoeverWasToldLessIsFound() {
        for (long seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            DiffLoads known = new DiffLoads(MOST, WATCHED);
            ToldClient client = new ToldClient(MOST);
            Set<String> watched = new TreeSet<>();
            for (int i = 0; i < WATCHED; i++) {
                watched.add("room" + random.nextInt(30));
            }
            double second = 100;
            int size = 1 + random.nextInt(400);
            for (int i = 0; i < 20; i++) {
                second += random.nextInt(3) * random.nextDouble();
                String room = "room" + random.nextInt(30);
                int bytes = random.nextInt(size);
                known.add(at(second), event(bytes, room));
                if (watched.contains(room)) {
                    client.takes(room, bytes, DiffLoads.second(at(second)), 0);
                }
            }
            if (!client.owed().isEmpty()) {
                assertThat(known.mayHaveBeenTooMuch(watched, at(Math.min(second, 110))))
                        .as("seed %s", seed)
                        .isTrue();
            }
        }
    }
}
