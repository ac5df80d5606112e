package dev.realtime.benchmarks.hostile;

import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The clients of an attack, all from one address, and the threads that they need. */
final class Intruders implements AutoCloseable {
    private static final String ADDRESS = "127.0.0.1";

    private final Target target;
    private final Runnable onBegin;
    private final Queue<WireClient> clients = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "intruder");
        thread.setDaemon(true);
        return thread;
    });

    Intruders(Target target, Runnable onBegin) {
        this.target = target;
        this.onBegin = onBegin;
    }

    Target target() {
        return target;
    }

    /** What came before was preparation; figures count from here. */
    void begin() {
        onBegin.run();
    }

    Dialer dialer() {
        return new Dialer(target.port(), ADDRESS);
    }

    WireClient keep(WireClient client) {
        clients.add(client);
        return client;
    }

    Queue<WireClient> clients() {
        return clients;
    }

    /** A session that stays and reads what it gets. */
    WireClient connect() throws IOException {
        WireClient client = keep(dialer().connect());
        threads.execute(client::readAll);
        return client;
    }

    /** Something to do beside the rest; a server that defends itself ends it. */
    void run(Work work) {
        threads.execute(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // turned away, as it should be
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** Does something so many times a second. */
    static void atRate(double perSecond, Duration time, Work work) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long end = start + time.toNanos();
        for (long i = 0; System.nanoTime() < end; i++) {
            long due = start + (long) (i * 1e9 / perSecond);
            long ahead = due - System.nanoTime();
            if (ahead > 1_000_000) {
                Thread.sleep(ahead / 1_000_000);
            }
            work.run();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        clients.forEach(WireClient::close);
    }
}
