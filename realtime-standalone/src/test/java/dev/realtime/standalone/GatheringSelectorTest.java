package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.glassfish.grizzly.nio.SelectorRunner;
import org.glassfish.grizzly.nio.transport.TCPNIOServerConnection;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;
import org.glassfish.grizzly.nio.transport.TCPNIOTransportBuilder;
import org.glassfish.grizzly.strategies.SameThreadIOStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A thread that others wake all the time is not mad: moving ten thousand connections to a new selector would keep all of them waiting. */
class GatheringSelectorTest {
    private static final int WAKES = 5_000;

    private final GatheringSelector selectors = new GatheringSelector(Duration.ZERO);
    private final TCPNIOTransport transport = TCPNIOTransportBuilder.newInstance()
            .setIOStrategy(SameThreadIOStrategy.getInstance())
            .build();
    private SelectorRunner runner;

    @BeforeEach
    void listen() throws Exception {
        transport.setSelectorHandler(selectors);
        transport.setSelectorRunnersCount(1);
        transport.start();
        TCPNIOServerConnection listening = transport.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        runner = listening.getSelectorRunner();
    }

    @AfterEach
    void close() throws Exception {
        transport.shutdownNow();
    }

    @Test
    void aThreadThatIsOftenWokenKeepsItsSelector() throws Exception {
        Selector first = runner.getSelector();
        for (int i = 0; i < WAKES; i++) {
            CompletableFuture<Void> ran = new CompletableFuture<>();
            selectors.execute(runner, () -> ran.complete(null), null);
            ran.get(30, TimeUnit.SECONDS);
        }
        assertThat(runner.getSelector()).isSameAs(first);
        assertThat(first.isOpen()).isTrue();
    }
}
