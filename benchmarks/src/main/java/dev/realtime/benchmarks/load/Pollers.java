package dev.realtime.benchmarks.load;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Clients that poll, each with one request on its way: half of them have their connection at the first node, half at the second. */
public final class Pollers implements Closeable {
    private final List<Poller> pollers = new ArrayList<>();
    private final String payload;

    /** @param elsewhere whether the requests of each reach the node that does not have its connection */
    public Pollers(int clients, int firstPort, int secondPort, boolean elsewhere, int payloadBytes) throws IOException {
        payload = "x".repeat(payloadBytes);
        for (int i = 0; i < clients; i++) {
            int home = i % 2 == 0 ? firstPort : secondPort;
            int other = i % 2 == 0 ? secondPort : firstPort;
            pollers.add(new Poller(home, elsewhere ? other : home));
        }
    }

    /** Each asks and waits for its answer again and again, until there is nothing left of a budget. */
    public Phase closedLoop(Budget budget) throws IOException {
        long start = System.nanoTime();
        List<Histogram> latencies = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        for (Poller poller : pollers) {
            Histogram latency = Phase.histogram();
            latencies.add(latency);
            Thread thread = new Thread(() -> {
                try {
                    while (!Thread.currentThread().isInterrupted() && failure.get() == null) {
                        long asked = System.nanoTime();
                        poller.echo(payload);
                        latency.recordValue(System.nanoTime() - asked);
                    }
                } catch (IOException | RuntimeException e) {
                    failure.set(e);
                }
            });
            threads.add(thread);
            thread.start();
        }
        try {
            while (!budget.spent() && failure.get() == null) {
                Thread.sleep(20);
            }
            threads.forEach(Thread::interrupt);
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new LoadException("interrupted");
        }
        if (failure.get() != null) {
            throw new IOException("a client that polls failed", failure.get());
        }
        Histogram all = Phase.histogram();
        latencies.forEach(all::add);
        return new Phase(all.getTotalCount(), System.nanoTime() - start, all, false);
    }

    @Override
    public void close() throws IOException {
        for (Poller poller : pollers) {
            poller.close();
        }
    }
}
