package dev.realtime.simulation;

import dev.realtime.Event;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Session;
import dev.realtime.testkit.TestNode;
import dev.realtime.testkit.simulation.Scenario;
import dev.realtime.testkit.simulation.SimulatedCluster;
import dev.realtime.testkit.simulation.SimulatedNode;
import dev.realtime.users.SingleLogin;
import dev.realtime.users.Standing;
import dev.realtime.users.User;
import dev.realtime.users.UserRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Users with one device more than may be logged in at a time: two of which one may, or in some runs three of which two may (I12), and an application that mutes them and lets them speak again: each mute
 * holds wherever its user is, and ends when it is to end, whatever clocks and nodes do (I14).
 */
final class UsersScenario implements Scenario {
    static final Event<String> SAY = Event.of("say", String.class).speech();
    static final int USERS = 2;
    private static final int DISPUTES = 3;

    private static final Duration FOR_EVER = Duration.ofHours(1);
    private static final long TOLD = 1_000_000; // within which all nodes know, in microseconds as all times here
    private static final long UNDER_WAY = 3_000_000; // after which a failed write has no effect any more

    private final SimulatedCluster run;
    private final int mostLogins;
    private final List<UserDevice> devices = new ArrayList<>();
    private final List<Decision> decisions = new ArrayList<>();
    private boolean calm;

    /** What the application wanted of a user. */
    private static final class Decision {
        final int user;
        final long life; // 0: may speak again
        final long asked;
        long answered = Long.MAX_VALUE;
        boolean done;

        Decision(int user, long life, long asked) {
            this.user = user;
            this.life = life;
            this.asked = asked;
        }
    }

    UsersScenario(SimulatedCluster run) {
        this.run = run;
        this.mostLogins = run.random().nextInt(3) == 0 ? 2 : 1;
        for (int user = 0; user < USERS; user++) {
            for (int device = 0; device <= mostLogins; device++) {
                devices.add(new UserDevice(run, this, user, device));
            }
        }
    }

    @Override
    public RealtimeBuilder options(SimulatedNode node) {
        return Simulated.options()
                .users(UserRules.DEFAULT.singleLogin(SingleLogin.NEWER_WINS).maxLogins(mostLogins))
                .namespace("/", game -> game.on(SAY, (session, text) -> said(node, session)));
    }

    @Override
    public void start() {
        devices.forEach(UserDevice::tick);
        tick();
    }

    private void tick() {
        List<TestNode> up = run.up();
        if (calm) {
            return;
        }
        if (!up.isEmpty() && run.random().nextInt(3) == 0) {
            int user = run.random().nextInt(USERS);
            decide(
                    run.any(up),
                    user,
                    run.random().nextInt(3) == 0 ? 0 : 200 + run.random().nextInt(2_500));
        }
        run.after(Duration.ofMillis(1 + run.random().nextInt(300)), this::tick);
    }

    private void decide(TestNode node, int user, long millis) {
        Decision decision = new Decision(user, millis * 1_000, run.now());
        decisions.add(decision);
        run.note(node.realtime().node() + (millis == 0 ? " unmutes u" + user : " mutes u" + user + " for " + millis));
        User target = node.realtime().users().user("u" + user);
        CompletionStage<Void> decided = millis == 0 ? target.unmute() : target.mute(Duration.ofMillis(millis));
        decided.whenComplete((done, failure) -> {
            decision.answered = run.now();
            decision.done = failure == null;
            run.note("u" + user + (failure == null ? " it is decided" : " cannot be decided"));
        });
    }

    /** Somebody has spoken on a node. */
    private void said(SimulatedNode node, Session session) {
        int user = Integer.parseInt(session.principal().id().substring(1));
        long now = run.now();
        run.note(session.principal().id() + " has spoken on " + node.id());
        Decision latest = null;
        for (Decision decision : decisions) {
            if (decision.user == user) {
                latest = decision;
            }
        }
        if (latest == null
                || latest.life == 0
                || !latest.done
                || now < latest.answered + TOLD
                || now >= latest.asked + latest.life
                || isContested(latest)
                || run.incidents().isExcused(node.id())
                || run.incidents().brokeSince(latest.asked - UNDER_WAY)) {
            return;
        }
        run.violation("I14: u" + user + " speaks on " + node.id() + " at " + now + ", muted since " + latest.answered
                + " until " + (latest.asked + latest.life));
    }

    /** Whether another decision may have come behind it. */
    private boolean isContested(Decision latest) {
        for (Decision other : decisions) {
            if (other != latest
                    && other.user == latest.user
                    && (other.answered > latest.asked || (!other.done && other.answered + UNDER_WAY > latest.asked))) {
                return true;
            }
        }
        return false;
    }

    /** A user was not let speak, at some time since it asked. */
    void refused(int user, long since) {
        for (Decision decision : decisions) {
            long end = decision.answered == Long.MAX_VALUE
                    ? Long.MAX_VALUE
                    : decision.answered + (decision.done ? TOLD : UNDER_WAY) + decision.life;
            if (decision.user == user && decision.life > 0 && since <= end) {
                return;
            }
        }
        run.violation("I14: u" + user + " may not speak at " + since + ", although no mute lasts so long");
    }

    @Override
    public void calmDown() {
        calm = true;
        devices.forEach(UserDevice::calmDown);
    }

    @Override
    public void speak() {
        TestNode node = run.any(run.up());
        decide(node, 0, FOR_EVER.toMillis());
        decide(node, 1, 0);
    }

    @Override
    public void check() {
        run.cluster().advance(Duration.ofSeconds(2));
        checkUsers();
        loginsAgain();
        for (int i = 0; i < DISPUTES; i++) {
            dispute();
        }
    }

    private void checkUsers() {
        for (int user = 0; user < USERS; user++) {
            String name = "u" + user;
            List<UserDevice> here = connected(user);
            if (here.size() > mostLogins) {
                run.violation("I12: " + name + " is logged in " + here.size() + " times");
            } else if (here.isEmpty()) {
                run.violation("I12: " + name + " is logged in nowhere, and each device was told of another");
            }
            isTold(here, user == 0);
        }
    }

    private List<UserDevice> connected(int user) {
        return devices.stream()
                .filter(device -> device.user() == user && device.isConnected())
                .toList();
    }

    private void isTold(List<UserDevice> here, boolean muted) {
        for (UserDevice device : here) {
            String answer = device.speakNow();
            if (!answer.equals(muted ? "muted" : "")) {
                run.violation("I14: u" + device.user() + " is told '" + answer + "' when all is well, and is "
                        + (muted ? "muted" : "not muted"));
            }
        }
    }

    /**
     * Whoever had to go logs in again on a node with a slow line, and speaks at once, while others decide about the same users: the one that is muted is
     * heard by nobody, and nobody is logged in too often.
     */
    private void loginsAgain() {
        TestNode slow = run.any(run.up());
        slow.line().latency(Duration.ofMillis(1), Duration.ofMillis(40));
        for (UserDevice device : devices) {
            if (!device.isConnected()) {
                run.after(Duration.ofMillis(run.random().nextInt(100)), () -> device.logIn(slow));
            }
        }
        for (TestNode node : run.up()) {
            run.after(Duration.ofMillis(run.random().nextInt(300)), () -> decide(node, 1, 0));
        }
        run.cluster().advance(Duration.ofSeconds(2));
        usual(slow);
        checkUsers();
    }

    private static void usual(TestNode node) {
        node.line().latency(Duration.ofNanos(50_000), Duration.ofMillis(4));
    }

    /**
     * A node with a slow line decides about each user, and the others decide otherwise a moment later: what they tell of it often comes first, although it was
     * decided behind. What the store has in the end holds everywhere.
     */
    private void dispute() {
        TestNode slow = run.any(run.up());
        slow.line().latency(Duration.ofMillis(1), Duration.ofMillis(40));
        for (int i = 0; i < USERS; i++) {
            int user = i;
            boolean mute = run.random().nextBoolean();
            decide(slow, user, mute ? FOR_EVER.toMillis() : 0);
            for (TestNode other : run.up()) {
                if (other != slow) {
                    run.after(
                            Duration.ofMillis(run.random().nextInt(150)),
                            () -> decide(other, user, mute ? 0 : FOR_EVER.toMillis()));
                }
            }
        }
        run.cluster().advance(Duration.ofMillis(TOLD / 1_000));
        usual(slow);
        for (int user = 0; user < USERS; user++) {
            CompletableFuture<Standing> stored = run.any(run.up())
                    .realtime()
                    .users()
                    .user("u" + user)
                    .standing()
                    .toCompletableFuture();
            run.cluster().advance(Duration.ofMillis(100));
            isTold(connected(user), stored.join().mutedUntil().isPresent());
        }
    }

    @Override
    public void leave() {
        devices.forEach(UserDevice::leave);
    }

    @Override
    public int deliveries() {
        return decisions.size();
    }
}
