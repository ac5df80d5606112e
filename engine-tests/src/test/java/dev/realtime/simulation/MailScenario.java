package dev.realtime.simulation;

import dev.realtime.Event;
import dev.realtime.RealtimeBuilder;
import dev.realtime.mail.MailOptions;
import dev.realtime.testkit.TestNode;
import dev.realtime.testkit.simulation.Scenario;
import dev.realtime.testkit.simulation.SimulatedCluster;
import dev.realtime.testkit.simulation.SimulatedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An application that sends messages to two users, from all nodes, and the devices of these users, which acknowledge them or do not, lose their connections, and come back to other nodes. Each message that is
 * said to be stored has reached a device when all is well, whatever else no device acknowledges, and nothing is left in the mailboxes (I16). It has come as itself to a device that was there, once; as a message to all others. Now and then the application
 * takes a notice back and sends another one under the same id, while a device reads the first one. What a backend has lost is not looked for.
 */
final class MailScenario implements Scenario {
    static final String DELIVERY = MailOptions.DEFAULT.deliveryEvent();
    static final String ITSELF = "letter";
    static final String COMPLETE = MailOptions.DEFAULT.completeEvent();
    private static final Event<Integer> LETTER = Event.of(ITSELF, Integer.class).persistOffline();
    private static final MailOptions OPTIONS = MailOptions.DEFAULT
            .ackTimeout(Duration.ofSeconds(1))
            .pace(Duration.ofMillis(10))
            .maxMessages(1_000)
            .lookEvery(Duration.ofSeconds(10));
    /** By then everything has been delivered when all is well. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    /** A user that is there has a message by then when all is well: sooner than a look that nobody has asked for. */
    private static final Duration SOON = Duration.ofSeconds(3);

    /** Microseconds: what is not answered by then may never be. */
    private static final long TAKES_LONG = 30_000_000;

    private final SimulatedCluster run;
    private final List<MailDevice> devices = new ArrayList<>();
    private final List<Letter> letters = new ArrayList<>();
    private final List<Notice> notices = List.of(new Notice("ann"), new Notice("bob"));
    private final boolean everyDevice;
    private boolean calm;
    private boolean reading; // what nobody has wanted to read before too
    private int delivered;

    /** A message to a user. Times are microseconds since the run began. */
    static final class Letter {
        final int number;
        final String user;
        final long asked;
        final boolean unread; // nobody acknowledges it before the end
        boolean stored;
        long storedBy = Long.MAX_VALUE;
        boolean acknowledged; // by a device, whether that was heard or not
        long seen = Long.MAX_VALUE; // for the first time
        boolean seenAsItself;
        boolean takenBack; // by the application

        Letter(int number, String user, long asked, boolean unread) {
            this.number = number;
            this.user = user;
            this.asked = asked;
            this.unread = unread;
        }

        @Override
        public String toString() {
            return "letter " + number + " to " + user;
        }
    }

    /** What is sent to a user under one id, again and again, as long as it is certain what has become of the last one. */
    private static final class Notice {
        final String user;
        int series;
        boolean busy;
        long since;

        @Nullable
        Letter last;

        Notice(String user) {
            this.user = user;
        }

        String id() {
            return "notice-" + series;
        }

        /** The last one may come into the mailbox later. */
        void next() {
            series++;
            busy = false;
            last = null;
        }
    }

    MailScenario(SimulatedCluster run) {
        this.run = run;
        this.everyDevice = run.random().nextInt(4) == 0;
        devices.add(new MailDevice(run, this, "ann", 0));
        devices.add(new MailDevice(run, this, "bob", 0));
        devices.add(new MailDevice(run, this, "bob", 1));
    }

    @Override
    public RealtimeBuilder options(SimulatedNode node) {
        return Simulated.options().namespace("/", game -> game.mail(OPTIONS.everyDevice(everyDevice)));
    }

    @Override
    public void start() {
        devices.forEach(MailDevice::tick);
        tick();
    }

    private void tick() {
        if (calm) {
            return;
        }
        List<TestNode> up = run.up();
        if (!up.isEmpty()) {
            send(
                    run.any(up),
                    run.random().nextInt(3) == 0 ? "ann" : "bob",
                    run.random().nextInt(8) == 0);
            if (run.random().nextInt(4) == 0) {
                replace(run.any(up), notices.get(run.random().nextInt(notices.size())));
            }
        }
        run.after(Duration.ofMillis(1 + run.random().nextInt(300)), this::tick);
    }

    /** Takes the last notice back, and sends another one. */
    private void replace(TestNode node, Notice notice) {
        if (notice.busy && run.now() - notice.since > TAKES_LONG) {
            notice.next();
        }
        if (notice.busy || !node.isUp()) {
            return;
        }
        notice.busy = true;
        notice.since = run.now();
        if (notice.last != null) {
            notice.last.takenBack = true;
        }
        int series = notice.series;
        node.namespace("/").mail().remove(notice.user, notice.id()).whenComplete((removed, failure) -> {
            if (notice.series == series && failure == null && node.isUp()) {
                notice.last = send(node, notice.user, false, notice);
            } else if (notice.series == series) {
                notice.next();
            }
        });
    }

    private Letter send(TestNode node, String user, boolean unread) {
        return send(node, user, unread, null);
    }

    private Letter send(TestNode node, String user, boolean unread, @Nullable Notice notice) {
        long asked = notice == null
                ? run.now()
                : notice.since; // a backend that has lost the removal has lost the room for it
        Letter letter = new Letter(letters.size(), user, asked, unread);
        letters.add(letter);
        run.note(node.realtime().node() + " sends " + letter + (notice == null ? "" : " as " + notice.id()));
        int series = notice == null ? 0 : notice.series;
        String id = notice == null ? "" : notice.id();
        Event<Integer> event = notice == null
                ? LETTER
                : Event.of(ITSELF, Integer.class).persistOffline((draft, number) -> draft.id(id));
        node.namespace("/").user(user).emit(event, letter.number).whenComplete((position, failure) -> {
            letter.stored = failure == null;
            letter.storedBy = failure == null ? run.now() : Long.MAX_VALUE;
            run.note(letter + (failure == null ? " is stored" : " may be stored"));
            if (notice != null && notice.series == series && failure == null) {
                notice.busy = false;
            } else if (notice != null && notice.series == series) {
                notice.next();
            }
        });
        return letter;
    }

    /** A device has got a message. */
    Letter delivered(int number) {
        delivered++;
        Letter letter = letters.get(number);
        letter.seen = Math.min(letter.seen, run.now());
        return letter;
    }

    @Override
    public void calmDown() {
        calm = true;
        devices.forEach(MailDevice::calmDown);
    }

    /** Whether it is acknowledged by who gets it. */
    boolean isRead(Letter letter) {
        return reading || !letter.unread;
    }

    private void checkThatAllHaveCome() {
        run.cluster().advance(PATIENCE);
        for (Letter letter : letters) {
            if (letter.stored
                    && isRead(letter)
                    && !letter.takenBack
                    && !letter.acknowledged
                    && !run.incidents().brokeSince(letter.asked)) {
                run.violation("I16: " + letter + " is stored, and was never delivered");
            }
        }
    }

    @Override
    public void check() {
        checkThatAllHaveCome(); // whatever is not acknowledged
        reading = true;
        checkThatAllHaveCome();
        for (String user : List.of("ann", "bob")) {
            TestNode node = run.any(run.up());
            int left = run.cluster().await(node.namespace("/").mail().count(user));
            if (left > 0) {
                run.violation("I16: " + left + " messages are left for " + user + " when all is well");
            }
            Letter last = send(node, user, false);
            long sent = run.now();
            run.cluster().advance(SOON);
            if (last.seen > sent + SOON.toNanos() / 1_000) {
                run.violation("I16: " + last + " has not come soon, though " + user + " is there");
            } else if (!last.seenAsItself) {
                run.violation("I16: " + last + " has not come as itself, though " + user + " is there");
            }
        }
    }

    @Override
    public void leave() {
        devices.forEach(MailDevice::leave);
    }

    @Override
    public int deliveries() {
        return delivered;
    }
}
