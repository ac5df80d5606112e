package dev.realtime.simulation;

import dev.realtime.Event;
import dev.realtime.Position;
import dev.realtime.RealtimeBuilder;
import dev.realtime.schedule.ScheduleOptions;
import dev.realtime.schedule.ScheduledEvent;
import dev.realtime.spi.LogEntry;
import dev.realtime.testkit.TestNode;
import dev.realtime.testkit.backend.Witness;
import dev.realtime.testkit.simulation.ClusterFault;
import dev.realtime.testkit.simulation.Scenario;
import dev.realtime.testkit.simulation.SimulatedCluster;
import dev.realtime.testkit.simulation.SimulatedNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * An application that schedules events on all nodes, and cancels some of them, often when they are due. Each is in the log once, and not before its time; none that
 * was cancelled is in it, and none that could not be cancelled is missing (I20). What a backend has lost is not looked for.
 */
final class ScheduleScenario implements Scenario {
    private static final Event<String> REMIND = Event.of("remind", String.class);
    /** A job that is due, and whose node is gone, is emitted within that when all is well. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A node that may just have taken what is due does not reach the backend, and soon does again. */
    static final ClusterFault CUT_WHEN_DUE =
            ClusterFault.of("cut when due", run -> ((ScheduleScenario) run.scenario()).cutWhenDue());

    private final SimulatedCluster run;
    private final List<Job> jobs = new ArrayList<>();
    private boolean calm;
    private int emitted;

    /** An event that was to be emitted later. Times are microseconds since the run began. */
    private static final class Job {
        final int number;
        final long asked;
        final long due; // not before
        final TreeMap<Position, Long> places = new TreeMap<>(); // in the log, as far as the backend has not lost them
        boolean scheduled;
        boolean cancelled; // and it was said that it will not be emitted
        boolean uncancelled; // it was said that it has been emitted
        long decided = Long.MAX_VALUE;

        Job(int number, long asked, long due) {
            this.number = number;
            this.asked = asked;
            this.due = due;
        }

        @Override
        public String toString() {
            return "job " + number;
        }
    }

    ScheduleScenario(SimulatedCluster run) {
        this.run = run;
    }

    @Override
    public RealtimeBuilder options(SimulatedNode node) {
        return Simulated.options()
                .namespace("/", game -> game.schedule(ScheduleOptions.DEFAULT.lookEvery(Duration.ofMillis(500))));
    }

    @Override
    public void start() {
        run.cluster().backend().watch(new Log());
        tick();
    }

    /** Writes down what the log gets and loses. */
    private final class Log implements Witness {
        @Override
        public void appended(String namespace, Position position, LogEntry entry) {
            if (entry instanceof LogEntry.Emit emit) {
                String json = new String(emit.event().json(), StandardCharsets.UTF_8);
                placed(jobs.get(Integer.parseInt(json.replaceAll("[^0-9]", ""))), position);
            }
        }

        @Override
        public void failedOver(String namespace, Position tail) {
            jobs.forEach(job -> job.places.tailMap(tail, false).clear());
        }
    }

    private void cutWhenDue() {
        TestNode node = run.any(run.cluster().nodes());
        long due = jobs.stream()
                .mapToLong(job -> job.due)
                .filter(when -> when > run.now())
                .min()
                .orElse(run.now());
        long micros = due - run.now() + run.random().nextInt(12_000);
        run.after(Duration.ofNanos(micros * 1_000), () -> {
            if (!calm) {
                run.note("cut out " + node);
                node.cutToBackend();
                run.after(Duration.ofMillis(50 + run.random().nextInt(1_900)), node::heal);
            }
        });
    }

    private void placed(Job job, Position position) {
        run.note(job + " is emitted");
        emitted++;
        job.places.put(position, run.now());
        if (job.places.size() > 1) {
            run.violation("I20: " + job + " is emitted at " + job.places);
        }
        if (run.now() < job.due) {
            run.violation("I20: " + job + " is emitted at " + run.now() + ", and is due at " + job.due);
        }
        if (job.cancelled && !run.incidents().brokeSince(job.asked)) {
            run.violation("I20: " + job + " is emitted although it was cancelled");
        }
    }

    private void tick() {
        if (calm) {
            return;
        }
        List<TestNode> up = run.up();
        if (!up.isEmpty()) {
            schedule(run.any(up));
        }
        run.after(Duration.ofMillis(1 + run.random().nextInt(150)), this::tick);
    }

    private void schedule(TestNode node) {
        long delay = run.random().nextInt(3) == 0 ? 0 : 1 + run.random().nextInt(2_000);
        Job job = new Job(jobs.size(), run.now(), run.now() + delay * 1_000);
        jobs.add(job);
        run.note(node.realtime().node() + " schedules " + job + " in " + delay);
        node.namespace("/")
                .emitAfter(Duration.ofMillis(delay), REMIND, "#" + job.number)
                .whenComplete((event, failure) -> {
                    job.scheduled = failure == null;
                    run.note(job + (failure == null ? " is scheduled" : " may be scheduled"));
                    if (failure == null && run.random().nextInt(2) == 0) {
                        cancelLater(job, event, delay);
                    }
                });
    }

    /** Often about the time at which it is due, on any node. */
    private void cancelLater(Job job, ScheduledEvent event, long delay) {
        long micros = run.random().nextInt(4) == 0
                ? run.random().nextInt(2_000_000)
                : Math.max(0, delay * 1_000 - 5_000 + run.random().nextInt(20_000));
        run.after(Duration.ofNanos(micros * 1_000), () -> {
            List<TestNode> up = run.up();
            if (!up.isEmpty()) {
                cancel(run.any(up), job, event);
            }
        });
    }

    private void cancel(TestNode node, Job job, ScheduledEvent event) {
        run.note(node.realtime().node() + " cancels " + job);
        node.namespace("/").schedule().cancel(event.id()).whenComplete((cancelled, failure) -> {
            run.note(job + (failure == null ? " is cancelled: " + cancelled : " may be cancelled"));
            if (failure != null) {
                job.decided = 0;
                return;
            }
            job.cancelled = cancelled;
            job.uncancelled = !cancelled;
            if (cancelled && !job.places.isEmpty() && !run.incidents().brokeSince(job.asked)) {
                run.violation("I20: " + job + " is said to be cancelled, and was emitted");
            }
            if (run.random().nextInt(3) == 0) {
                run.after(Duration.ofMillis(run.random().nextInt(3_000)), () -> cancelAgain(job, event, cancelled));
            }
        });
        job.decided = Math.min(job.decided, run.now());
    }

    /** Whoever asks again hears the same, on whatever node. */
    private void cancelAgain(Job job, ScheduledEvent event, boolean before) {
        List<TestNode> up = run.up();
        if (up.isEmpty()) {
            return;
        }
        run.any(up).namespace("/").schedule().cancel(event.id()).whenComplete((now, failure) -> {
            if (failure == null && now != before && !run.incidents().brokeSince(job.asked)) {
                run.violation("I20: of " + job + " it is said that it is cancelled: " + before + ", and then: " + now);
            }
        });
    }

    @Override
    public void calmDown() {
        calm = true;
    }

    @Override
    public void check() {
        run.cluster().advance(PATIENCE);
        for (Job job : jobs) {
            boolean lost = run.incidents().brokeSince(job.asked);
            boolean mayBeCancelled = job.decided == 0 || (job.decided < Long.MAX_VALUE && !job.uncancelled);
            if (job.scheduled && job.places.isEmpty() && !lost && !mayBeCancelled) {
                run.violation("I20: " + job + " was never emitted");
            }
        }
    }

    @Override
    public void leave() {}

    @Override
    public int deliveries() {
        return emitted;
    }
}
