package dev.realtime.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Session;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdminPlacesTest {
    private final Set<String> gone = new HashSet<>();
    private final AdminPlaces places = new AdminPlaces(2);

    private Session admin(String id) {
        return (Session) Proxy.newProxyInstance(
                Session.class.getClassLoader(),
                new Class<?>[] {Session.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "id" -> id;
                    case "isConnected" -> !gone.contains(id);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void whoeverHasBeenLetInThereAreNoMore() {
        assertThat(places.take(admin("ann"))).isTrue();
        assertThat(places.take(admin("bob"))).isTrue();
        assertThat(places.take(admin("cid"))).isFalse();
        gone.add("ann");
        assertThat(places.take(admin("cid"))).isTrue();
        assertThat(places.take(admin("dan"))).isFalse();
    }

    @Test
    void whoComesBackKeepsItsPlace() {
        assertThat(places.take(admin("ann"))).isTrue();
        assertThat(places.take(admin("bob"))).isTrue();
        assertThat(places.take(admin("ann"))).isTrue();
    }

    @Test
    void whoIsRefusedHasNone() {
        assertThat(List.of(places.take(admin("ann")), places.take(admin("bob")), places.take(admin("cid"))))
                .containsExactly(true, true, false);
        gone.add("bob");
        assertThat(places.take(admin("dan"))).isTrue();
    }

    @Test
    void thoseOfOneMomentAreNoMore() throws InterruptedException {
        AtomicInteger in = new AtomicInteger();
        List<Thread> threads = IntStream.range(0, 8)
                .mapToObj(number -> new Thread(() -> {
                    if (places.take(admin("admin " + number))) {
                        in.incrementAndGet();
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(in).hasValue(2);
    }
}
