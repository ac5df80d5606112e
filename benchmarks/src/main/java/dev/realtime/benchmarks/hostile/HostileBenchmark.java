package dev.realtime.benchmarks.hostile;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Attacks a fresh server with one attack after the other and prints a line about each: whether the server survived, its memory, its share of
 * the cores, and how somebody honest fared before and meanwhile.
 */
public final class HostileBenchmark {
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration CALM = Duration.ofSeconds(4);
    private static final String BYSTANDER = "127.0.0.2";

    private static final List<Attack> ATTACKS = List.of(
            new UnfinishedMessages(),
            new LargeConnects(),
            new LargePosts(),
            new FullMailbox(false),
            new FullMailbox(true),
            new RepeatedAttachment(),
            new RepeatedResumes(),
            new FullReplay(),
            new PassingNamespaces(),
            new BlockedHandlers(16),
            new BlockedHandlers(64),
            new BlockedHandlers(300),
            new SlowAuthenticators(),
            new ConnectPayloads(false),
            new ConnectPayloads(true),
            new CoalescedUpdates(),
            new RefusedHandshakes(),
            new LogLines(false),
            new LogLines(true),
            new StalledReaders(),
            new StalledRoom("stalled-none", 0),
            new StalledRoom("stalled", 10_000),
            new DrainUnderLoad());

    private HostileBenchmark() {}

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        List<String> wanted = Arrays.asList(args).subList(1, args.length);
        List<String> names = ATTACKS.stream().map(Attack::name).toList();
        if (!names.containsAll(wanted)) {
            throw new IllegalArgumentException("there are " + names);
        }
        for (Attack attack : ATTACKS) {
            if (wanted.isEmpty() || wanted.contains(attack.name())) {
                System.out.println(measure(attack, directory));
            }
        }
        // Not a return: clients that wait for a server that has gone would keep the process alive.
        System.exit(0);
    }

    private static String measure(Attack attack, Path directory) throws Exception {
        try (Target target = Target.start(attack, directory);
                Bystander bystander = new Bystander(new Dialer(target.port(), BYSTANDER))) {
            bystander.start();
            Thread.sleep(WARM_UP.toMillis());
            bystander.take();
            Thread.sleep(CALM.toMillis());
            Bystander.Figures before = bystander.take();
            Clock clock = new Clock(target);
            clock.start();
            try (Intruders intruders = new Intruders(target, () -> {
                bystander.take();
                clock.start();
            })) {
                String remark = attack.run(intruders);
                double cores = clock.cores();
                Bystander.Figures during = bystander.take();
                return line(attack, target, bystander, before, during, cores, remark);
            }
        }
    }

    private static String line(
            Attack attack,
            Target target,
            Bystander bystander,
            Bystander.Figures before,
            Bystander.Figures during,
            double cores,
            String remark)
            throws IOException {
        long peak = target.peakResidentBytes();
        var heap = target.heapBytes();
        String state = attack.stopsServer() ? "stopped" : bystander.isServed() ? "survived" : "DOES NOT SERVE";
        return "%s: %s%s; heap %s of %d MB, peak resident %d MB, %.2f cores; before: %s; meanwhile: %s%s"
                .formatted(
                        attack.name(),
                        state,
                        target.ranOutOfMemory() ? " an OutOfMemoryError" : "",
                        heap.isPresent() ? String.valueOf(heap.getAsLong() >> 20) : "?",
                        attack.heapMegabytes(),
                        peak >> 20,
                        cores,
                        before.describe(),
                        during.describe(),
                        remark.isEmpty() ? "" : "; " + remark);
    }

    /** How much of the machine the server used. */
    private static final class Clock {
        private final Target target;
        private final AtomicLong wall = new AtomicLong();
        private final AtomicReference<Duration> cpu = new AtomicReference<>(Duration.ZERO);

        Clock(Target target) {
            this.target = target;
        }

        void start() {
            wall.set(System.nanoTime());
            cpu.set(target.cpu());
        }

        double cores() {
            return (double) target.cpu().minus(cpu.get()).toNanos() / (System.nanoTime() - wall.get());
        }
    }
}
