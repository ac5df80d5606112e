package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Leases;
import dev.realtime.spi.SessionStore;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestRealtime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What one node does about the sessions of another that is dead. */
class DeadNodeTakeoverTest {
    private static final String OTHER = "other";

    private static final Duration LEASE = Duration.ofSeconds(10);

    private boolean broken;

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, this::game);

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(this::game).backend(this::slowlyRead);

    private final CompletableFuture<Void> read = new CompletableFuture<>();

    private Backend slowlyRead(Backend backend) {
        SessionStore sessions = backend.sessions();
        SessionStore slow = around(SessionStore.class, (method, arguments) -> {
            Object result = method.invoke(sessions, arguments);
            return method.getName().equals("homedAt")
                    ? ((CompletionStage<?>) result).thenCombine(read, (page, now) -> page)
                    : result;
        });
        return around(
                Backend.class,
                (method, arguments) -> method.getName().equals("sessions") ? slow : method.invoke(backend, arguments));
    }

    private interface Call {
        Object invoke(Method method, Object[] arguments) throws ReflectiveOperationException;
    }

    private static <T> T around(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return call.invoke(method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private RealtimeBuilder game() {
        return Realtime.builder()
                .lease(LEASE)
                .namespace("/", game -> {})
                .namespaces(
                        name -> {
                            if (broken) {
                                throw new IllegalStateException("a predicate of the application");
                            }
                            return name.startsWith("/match-");
                        },
                        game -> {});
    }

    @Test
    void aSessionWhoseNamespaceCannotBeOpenedHoldsUpNeitherTheOthersNorTheEndOfTheNode() {
        for (int i = 0; i < 10; i++) {
            cluster.connect(1, "/", "ann-" + i);
            cluster.connect(1, "/match-" + i, "bob-" + i);
        }
        broken = true;
        cluster.node(1).kill();
        cluster.advance(LEASE.multipliedBy(3));
        assertThat(cluster.node(0).namespace("/").sessions()).hasSize(10);
        broken = false;
        cluster.advance(LEASE.multipliedBy(3));
        assertThat(cluster.node(0).realtime().stats().sessions()).isEqualTo(20);
        long before = cluster.time().nanoTime();
        cluster.node(0).close();
        assertThat(cluster.time().nanoTime() - before)
                .isLessThan(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void whatIsFoundLateDoesNotEndANodeThatLivesAgain() {
        Leases leases = realtime.backend().leases();
        realtime.await(leases.renew(OTHER, Duration.ofSeconds(1)));
        realtime.advance(LEASE); // it is dead, and what it is home to is being read
        realtime.await(leases.renew(OTHER, LEASE));
        read.complete(null); // nothing
        realtime.settle();
        assertThat(realtime.await(leases.living())).contains(OTHER);
        assertThat(realtime.await(leases.renew(OTHER, LEASE))).isTrue();
    }

    @Test
    void aDeadNodeWithoutSessionsIsForgotten() {
        Leases leases = realtime.backend().leases();
        read.complete(null);
        realtime.await(leases.renew(OTHER, Duration.ofSeconds(1)));
        realtime.advance(LEASE.multipliedBy(3));
        realtime.realtime().close();
        realtime.advance(LEASE.multipliedBy(3)); // who has begun a takeover is not waited for any longer
        assertThat(realtime.await(leases.takeOver(LEASE))).isEmpty();
    }
}
