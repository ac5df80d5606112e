package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.ZONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.NamespaceSetup;
import dev.realtime.Principal;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The application is asked again who its users are, once in a period, and what it says counts at once. */
class RevalidationTest {
    private static final Duration PERIOD = Duration.ofMinutes(5);
    private static final Event<Void> DOOR = Event.of("door").permission("doors.open");

    private final Set<String> gone = new HashSet<>();
    private final Map<String, Set<String>> permissions = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final List<Instant> times = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private Runnable looking = () -> {};

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Game.open(this::rules));

    private void rules(NamespaceSetup game) {
        game.revalidate(PERIOD, this::now)
                .joins(ZONE, (principal, room) -> principal.may("doors.open"))
                .on(DOOR, (session, nothing) -> {})
                .onRoomLost((session, room) -> told.add("lost " + room))
                .onDisconnect((session, reason) -> told.add("end " + reason.code()));
    }

    private Optional<Principal> now(Principal principal) {
        asked.add(principal.id());
        times.add(realtime.time().now());
        looking.run();
        if (gone.contains(principal.id())) {
            return Optional.empty();
        }
        Set<String> known = permissions.get(principal.id());
        return Optional.of(known == null ? principal : principal.permissions(known));
    }

    private long failed() {
        return realtime.realtime().stats().counters().get("revalidations.failed");
    }

    @Test
    void eachUserIsAskedForOnceInAPeriod() {
        realtime.connect("/", "ann");
        realtime.connect("/", "bob");
        realtime.advance(PERIOD.plusSeconds(10));
        assertThat(asked).containsOnlyOnce("ann", "bob");
        realtime.advance(PERIOD.multipliedBy(3));
        assertThat(asked.stream().filter("ann"::equals)).hasSizeBetween(3, 4);
    }

    @Test
    void theQuestionsAreSpreadOverThePeriod() {
        for (int player = 0; player < 64; player++) {
            realtime.connect("/", "player" + player);
        }
        Instant start = realtime.time().now();
        realtime.advance(PERIOD.dividedBy(64).multipliedBy(63));
        assertThat(asked).doesNotHaveDuplicates();
        realtime.advance(Duration.ofSeconds(10));
        assertThat(new HashSet<>(asked)).hasSize(64);
        assertThat(times.stream().distinct()).hasSizeGreaterThan(20);
        assertThat(times.stream().filter(time -> time.isBefore(start.plus(PERIOD.dividedBy(2)))))
                .hasSizeBetween(16, 48);
    }

    @Test
    void aSessionThatHasEndedIsNotKeptUntilTheNextLook() {
        List<WeakReference<Session>> ended = new ArrayList<>();
        for (int player = 0; player < 5; player++) {
            TestClient client = realtime.connect("/", "player" + player);
            ended.add(new WeakReference<>(Game.session(realtime, client)));
            client.disconnect();
        }
        realtime.settle();
        for (int attempt = 0; attempt < 20 && ended.stream().anyMatch(one -> one.get() != null); attempt++) {
            System.gc();
        }
        assertThat(ended).allMatch(one -> one.get() == null);
    }

    @Test
    void aUserWhoIsGoneIsToldAndDisconnected() {
        TestClient ann = realtime.connect("/", "ann");
        gone.add("ann");
        realtime.advance(PERIOD.plusSeconds(10));
        assertThat(ann.isConnected()).isFalse();
        assertThat(Game.errorEvent(ann)).isEqualTo("credentials_revoked");
        assertThat(told).containsExactly("end credentials_revoked");
        ann.reconnect();
        assertThat(ann.recovered()).isFalse();
    }

    @Test
    void whatAUserMayDoChangesWithWhatIsSaid() {
        TestClient ann = realtime.connect("/", "ann");
        assertThat(ann.ask(DOOR, null).errorCode()).isEqualTo("forbidden");
        permissions.put("ann", Set.of("doors.open"));
        realtime.advance(PERIOD.plusSeconds(10));
        assertThat(ann.ask(DOOR, null).value()).isNull();
        Game.session(realtime, ann).join(ZONE.of("cave"));
        permissions.put("ann", Set.of());
        realtime.advance(PERIOD.plusSeconds(10));
        assertThat(ann.ask(DOOR, null).errorCode()).isEqualTo("forbidden");
        assertThat(Game.session(realtime, ann).rooms()).doesNotContain(ZONE.of("cave"));
        assertThat(told).containsExactly("lost zone:cave");
    }

    @Test
    void aHookThatFailsChangesNothingAndIsCounted() {
        realtime.allowHandlerFailures();
        TestClient ann = realtime.connect("/", "ann");
        looking = () -> {
            throw new IllegalStateException("the database is away");
        };
        realtime.advance(PERIOD.plusSeconds(10));
        assertThat(failed()).isEqualTo(1);
        assertThat(ann.isConnected()).isTrue();
        looking = () -> {};
        gone.add("ann");
        realtime.advance(PERIOD.plusSeconds(10));
        assertThat(ann.isConnected()).isFalse();
    }

    @Test
    void nobodyBecomesSomebodyElseByIt() {
        realtime.allowHandlerFailures();
        try (TestRealtime other = TestRealtime.of(() -> Game.open(game -> game.revalidate(
                        PERIOD, principal -> Optional.of(Principal.of("root").roles(Set.of("admin"))))))
                .start()) {
            other.allowHandlerFailures();
            TestClient ann = other.connect("/", "ann");
            other.advance(PERIOD.plusSeconds(10));
            assertThat(Game.session(other, ann).principal().id()).isEqualTo("ann");
            assertThat(other.realtime().stats().counters()).containsEntry("revalidations.failed", 1L);
        }
    }

    @Test
    void strangersAndThoseWhoAreAwayAreNotAskedFor() {
        realtime.client().connect("/");
        TestClient ann = realtime.connect("/", "ann");
        ann.dropConnection();
        realtime.advance(Duration.ofSeconds(60));
        assertThat(asked).isEmpty();
        ann.reconnect();
        realtime.advance(PERIOD.plusSeconds(10));
        assertThat(asked).contains("ann");
    }

    @Test
    void whatIsSaidOfOlderCredentialsDoesNotCountForNewerOnes() {
        List<Principal> seen = new ArrayList<>();
        Held threads = new Held();
        try (TestRealtime slow = TestRealtime.of(() -> Game.open(game -> game.on(DOOR, (session, nothing) -> {})
                        .revalidate(PERIOD, principal -> {
                            seen.add(principal);
                            return Optional.of(principal).filter(one -> one.may("doors.open"));
                        })))
                .handlers(threads)
                .start()) {
            TestClient ann = slow.connect("/", "ann");
            slow.settle();
            threads.holding = true;
            while (threads.held.isEmpty()) {
                slow.advance(Duration.ofSeconds(1));
            }
            Runnable looking = threads.held.remove();
            threads.holding = false;
            ann.askRaw("auth:refresh", Map.of("user", "ann", "permissions", List.of("doors.open")))
                    .answer();
            looking.run();
            slow.advance(Duration.ofSeconds(10));
            assertThat(seen).extracting(one -> one.may("doors.open")).containsExactly(false, true);
            assertThat(ann.isConnected()).isTrue();
            assertThat(ann.ask(DOOR, null).value()).isNull();
        }
    }

    @Test
    void hooksThatHangHoldUpNobodyElse() {
        Held threads = new Held();
        List<String> known = new ArrayList<>();
        try (TestRealtime slow = TestRealtime.of(() -> Game.open(game -> game.revalidate(PERIOD, principal -> {
                    known.add(principal.id());
                    return Optional.of(principal);
                })))
                .handlers(threads)
                .start()) {
            for (int player = 0; player < 40; player++) {
                slow.connect("/", "player" + player);
            }
            slow.settle();
            threads.holding = true;
            slow.advance(PERIOD.plusSeconds(5));
            int hanging = threads.held.size();
            threads.holding = false; // for those who come next
            slow.advance(PERIOD.plusSeconds(30));
            assertThat(hanging).isGreaterThanOrEqualTo(16);
            assertThat(new HashSet<>(known)).hasSize(40 - hanging);
        }
    }

    @Test
    void fewAreAskedForAtOnceAndOneThatTakesTooLongIsCounted() {
        Held threads = new Held();
        try (TestRealtime slow = TestRealtime.of(
                        () -> Game.open(game -> game.revalidate(PERIOD, principal -> Optional.empty())))
                .handlers(threads)
                .start()) {
            List<TestClient> players = new ArrayList<>();
            for (int player = 0; player < 40; player++) {
                players.add(slow.connect("/", "player" + player));
            }
            slow.settle();
            threads.holding = true;
            slow.advance(PERIOD.plusSeconds(30));
            assertThat(threads.held).hasSizeBetween(16, 40);
            threads.letGo();
            assertThat(slow.realtime().stats().counters().get("revalidations.failed"))
                    .isGreaterThanOrEqualTo(16);
            slow.advance(PERIOD);
            assertThat(players).noneMatch(TestClient::isConnected);
        }
    }

    /** Runs tasks at once, or keeps them. */
    private static final class Held implements Executor {
        private final ArrayDeque<Runnable> held = new ArrayDeque<>();
        private boolean holding;

        @Override
        public void execute(Runnable task) {
            if (holding) {
                held.add(task);
            } else {
                task.run();
            }
        }

        void letGo() {
            holding = false;
            while (!held.isEmpty()) {
                held.remove().run();
            }
        }
    }

    @Test
    void nothingIsLookedForOnceAllHaveGone() {
        TestClient ann = realtime.connect("/", "ann");
        ann.ask(ECHO, new Text("x")).value();
        ann.disconnect();
        realtime.advance(PERIOD.multipliedBy(2));
        assertThat(asked).isEmpty();
    }
}
