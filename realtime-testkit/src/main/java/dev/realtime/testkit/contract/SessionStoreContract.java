package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.Waiting.failure;
import static dev.realtime.testkit.contract.Waiting.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.spi.Claimant;
import dev.realtime.spi.Home;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionRecord.RoomMembership;
import dev.realtime.spi.SessionStore;
import dev.realtime.spi.SessionStore.Claim;
import dev.realtime.spi.SessionStore.Removal;
import dev.realtime.spi.SessionStore.Removal.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What every {@link SessionStore} must do. */
public abstract class SessionStoreContract {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Claimant U7 = new Claimant("/game", "u7");

    /** The store under test. */
    protected abstract SessionStore store();

    /** Lets this much time pass for the store. */
    protected abstract void elapse(Duration time);

    /** How long a time of the contract lasts; see {@link BackendContract#lasting}. */
    protected Duration lasting(Duration time) {
        return time;
    }

    @Test
    void aSavedSessionIsClaimedAsItWasButForNodeAndFence() {
        SessionRecord saved = session("p-claim", 3);
        result(store().save(saved, MINUTE));
        assertThat(claim("p-claim", "node-2")).contains(saved.claimedBy("node-2"));
    }

    @Test
    void nobodyClaimsWhatWasNeverSaved() {
        assertThat(result(store().claim("p-nobody", "node-2", U7))).isEqualTo(new Claim.Unknown());
    }

    @Test
    void aClaimSaysWhereTheSessionWasAndHowLongItsRecordIsKept() {
        Duration life = lasting(Duration.ofSeconds(100));
        result(store().save(session("p-from", 3), life));
        elapse(Duration.ofSeconds(2));
        Claim.Granted first = (Claim.Granted) result(store().claim("p-from", "node-2", U7));
        assertThat(first.formerHome()).isEqualTo(home(3));
        assertThat(first.left()).isBetween(life.dividedBy(2), life.minus(lasting(Duration.ofSeconds(1))));
        Claim.Granted second = (Claim.Granted) result(store().claim("p-from", "node-2", U7));
        assertThat(second.formerHome()).isEqualTo(first.session().home());
        assertThat(second.left()).isLessThanOrEqualTo(first.left());
    }

    @Test
    void aUserMayHaveHisSessionWhateverElseIsNewAboutHim() {
        result(store().save(session("p-user", 1), MINUTE));
        Claimant again = Claimant.of("/game", Principal.of("u7").roles(Set.of("admin")));
        assertThat(result(store().claim("p-user", "node-2", again))).isInstanceOf(Claim.Granted.class);
    }

    @Test
    void whoHasNoNameMayHaveASessionOfNobodyInParticular() {
        SessionRecord saved = session("p-anonymous", 1).principal(Principal.anonymous("s-1"));
        result(store().save(saved, MINUTE));
        assertThat(result(store().claim("p-anonymous", "node-2", Claimant.of("/game", Principal.of("s-1")))))
                .isEqualTo(new Claim.Refused());
        Claimant nobody = Claimant.of("/game", Principal.anonymous("s-2"));
        assertThat(result(store().claim("p-anonymous", "node-2", nobody))).isInstanceOf(Claim.Granted.class);
    }

    @Test
    void whatAClientMayNotHaveIsNotTouched() {
        SessionRecord saved = session("p-stolen", 1);
        result(store().save(saved, MINUTE));
        for (Principal other : List.of(Principal.of("u8"), Principal.anonymous("u7"))) {
            assertThat(result(store().claim("p-stolen", "node-2", Claimant.of("/game", other))))
                    .isEqualTo(new Claim.Refused());
        }
        assertThat(result(store().claim("p-stolen", "node-2", new Claimant("/gam", "eu7"))))
                .isEqualTo(new Claim.Unknown());
        assertThat(result(store().find("p-stolen"))).contains(saved);
        assertThat(result(store().homedAt("node-1", 10))).containsExactly(saved);
        assertThat(result(store().homedAt("node-2", 10))).isEmpty();
        result(store().save(saved, MINUTE));
        assertThat(claim("p-stolen", "node-2")).contains(saved.claimedBy("node-2"));
    }

    @Test
    void aRecordThatDoesNotSayWhoseItIsIsOfWhoeverKnowsItsName() {
        SessionRecord saved = SessionRecord.of("p-other-kind", "s-1", "", home(1));
        result(store().save(saved, MINUTE));
        assertThat(result(store().claim("p-other-kind", "node-2", new Claimant("/chat", "u8"))))
                .isInstanceOf(Claim.Granted.class);
    }

    @Test
    void findingASessionDoesNotClaimIt() {
        SessionRecord saved = session("p-find", 1);
        result(store().save(saved, MINUTE));
        assertThat(result(store().find("p-find"))).contains(saved);
        assertThat(result(store().find("p-find"))).contains(saved);
        assertThat(result(store().find("p-none"))).isEmpty();
    }

    @Test
    void theLastSaveCounts() {
        result(store().save(session("p-twice", 1), MINUTE));
        SessionRecord later = session("p-twice", 1, new Position(9, 9));
        result(store().save(later, MINUTE));
        assertThat(claim("p-twice", "node-2")).contains(later.claimedBy("node-2"));
    }

    @Test
    void everyClaimRaisesTheFence() {
        result(store().save(session("p-fence", 1), MINUTE));
        assertThat(claimed("p-fence").home().fence()).isEqualTo(2);
        assertThat(claimed("p-fence").home().fence()).isEqualTo(3);
    }

    @Test
    void theOldOwnerCannotSaveAfterAClaim() {
        SessionRecord old = session("p-fenced", 1);
        result(store().save(old, MINUTE));
        SessionRecord claimed = claimed("p-fenced");
        assertThat(failure(store().save(old, MINUTE))).isInstanceOf(SessionStore.FencedException.class);
        result(store().save(claimed, MINUTE));
        assertThat(claimed("p-fenced").home().fence()).isEqualTo(3);
    }

    @Test
    void theOldOwnerCannotRemoveAfterAClaim() {
        result(store().save(session("p-keep", 1), MINUTE));
        SessionRecord claimed = claimed("p-keep");
        assertThat(result(store().remove("p-keep", home(1)))).isEqualTo(Removal.elsewhere(claimed.home()));
        assertThat(result(store().find("p-keep"))).contains(claimed);
    }

    @Test
    void aHomeThatClaimsItsOwnSessionHasBeenItsHomeAllTheTime() {
        SessionRecord first = session("p-own", 1);
        result(store().save(first, MINUTE));
        claim("p-own", "node-1");
        SessionRecord again = claim("p-own", "node-1").orElseThrow();
        assertThat(again.home()).isEqualTo(new Home("node-1", 0, 3));
        assertThat(again.home().isThatOf(first.home())).isTrue();
        assertThat(result(store().remove("p-own", home(1)))).isEqualTo(Removal.elsewhere(again.home()));
        result(store().save(again, MINUTE));
        assertThat(result(store().find("p-own"))).contains(again);
    }

    /** A failover has lost the claim of the first, so that the second got the same fence. */
    @Test
    void ofTwoOwnersWithTheSameFenceTheOneThatTheStoreKnowsOwns() {
        result(store().save(session("p-same", 2), MINUTE));
        Home other = new Home("node-2", 2, 2);
        assertThat(result(store().remove("p-same", other))).isEqualTo(Removal.elsewhere(home(2)));
        assertThat(failure(store().save(session("p-same", other), MINUTE)))
                .isInstanceOf(SessionStore.FencedException.class);
        assertThat(result(store().remove("p-same", home(2)))).isEqualTo(Removal.REMOVED);
        assertThat(result(store().remove("p-same", other)))
                .as("it has ended there")
                .isEqualTo(Removal.elsewhere(null));
    }

    @Test
    void aHomeToWhichASessionComesBackIsOneSinceThatClaim() {
        SessionRecord first = session("p-back-home", 1);
        result(store().save(first, MINUTE));
        claim("p-back-home", "node-2");
        claim("p-back-home", "node-1");
        SessionRecord back = claim("p-back-home", "node-1").orElseThrow();
        assertThat(back.home()).isEqualTo(new Home("node-1", 3, 4));
        assertThat(back.home().isThatOf(first.home())).isFalse();
        assertThat(result(store().remove("p-back-home", home(1)))).isEqualTo(Removal.elsewhere(back.home()));
    }

    @Test
    void aRemovedSessionIsGone() {
        result(store().save(session("p-gone", 1), MINUTE));
        assertThat(result(store().remove("p-gone", home(1)))).isEqualTo(Removal.REMOVED);
        assertThat(claim("p-gone", "node-2")).isEmpty();
        assertThat(result(store().find("p-gone"))).isEmpty();
        result(store().remove("p-gone", home(1)));
    }

    @Test
    void aSessionThatWasTakenOverAndRemovedByItsNewOwnerIsNotTheOldOnesToRemove() {
        result(store().save(session("p-over", 1), MINUTE));
        SessionRecord claimed = claimed("p-over");
        assertThat(result(store().remove("p-over", claimed.home()))).isEqualTo(Removal.REMOVED);
        assertThat(result(store().remove("p-over", home(1))))
                .as("it has ended there")
                .isEqualTo(Removal.elsewhere(null));
    }

    /** A failover may lose the latest claim, and then a former owner may end the session before the latest one has been heard again. */
    @Test
    void aSessionThatAFormerOwnerHasEndedSinceTheLatestClaimWasLostHasEndedThere() {
        result(store().save(session("p-lost", 1), MINUTE)); // as a failover brings it back
        assertThat(result(store().remove("p-lost", home(1)))).isEqualTo(Removal.REMOVED);
        Home latest = new Home("node-2", 3, 3);
        assertThat(failure(store().save(session("p-lost", latest), MINUTE)))
                .isInstanceOf(SessionStore.FencedException.class);
        assertThat(result(store().find("p-lost"))).isEmpty();
        assertThat(result(store().remove("p-lost", latest))).isEqualTo(Removal.elsewhere(null));
        assertThat(result(store().remove("p-lost", home(1)))).as("asked again").isEqualTo(Removal.REMOVED);
    }

    @Test
    void whatNobodyHasWrittenOrWhoseTimeIsOverIsForgottenAndNotElsewhere() {
        assertThat(result(store().remove("p-unwritten", home(3)))).isEqualTo(Removal.FORGOTTEN);
        result(store().save(session("p-expired", 1), lasting(Duration.ofSeconds(1))));
        elapse(Duration.ofSeconds(3));
        assertThat(result(store().remove("p-expired", home(1))))
                .extracting(Removal::outcome)
                .isNotEqualTo(Outcome.ELSEWHERE);
    }

    /** A backend that has lost its data is told again what has ended: whoever had such a session before, and comes late, is not its owner. */
    @Test
    void aSessionThatIsRemovedAgainIsNotTheFormerOwnersToRemove() {
        assertThat(result(store().remove("p-again", home(5)))).isEqualTo(Removal.FORGOTTEN);
        assertThat(result(store().remove("p-again", home(4))))
                .extracting(Removal::outcome)
                .isEqualTo(Outcome.ELSEWHERE);
        result(store().save(session("p-back", 1), MINUTE)); // as a failover brings it back
        assertThat(result(store().remove("p-back", home(5)))).isEqualTo(Removal.REMOVED);
        assertThat(result(store().remove("p-back", home(4))))
                .extracting(Removal::outcome)
                .isEqualTo(Outcome.ELSEWHERE);
    }

    @Test
    void aSessionIsTakenFromTheHomeThatItHasAtThatMoment() {
        result(store().save(session("p-dead", 1), MINUTE));
        assertThat(result(store().claimFrom("node-9", "p-dead", "node-3"))).isEmpty();
        SessionRecord claimed = claimed("p-dead");
        assertThat(result(store().claimFrom("node-1", "p-dead", "node-3"))).isEmpty();
        assertThat(result(store().find("p-dead"))).contains(claimed);
        assertThat(result(store().claimFrom("node-2", "p-dead", "node-3"))).contains(claimed.claimedBy("node-3"));
        assertThat(result(store().claimFrom("node-2", "p-nobody", "node-3"))).isEmpty();
    }

    @Test
    void aNodeIsHomeToWhatItSavedAndClaimed() {
        result(store().save(session("p-home", 1), MINUTE));
        result(store().save(session("p-leaves", 1), MINUTE));
        result(store().save(session("p-ends", 1), MINUTE));
        assertThat(result(store().homedAt("node-1", 10)))
                .extracting(SessionRecord::privateId)
                .containsExactlyInAnyOrder("p-home", "p-leaves", "p-ends");

        SessionRecord claimed = claimed("p-leaves");
        result(store().remove("p-ends", home(1)));

        assertThat(result(store().homedAt("node-1", 10))).containsExactly(session("p-home", 1));
        assertThat(result(store().homedAt("node-2", 10))).containsExactly(claimed);
        assertThat(result(store().homedAt("node-3", 10))).isEmpty();
    }

    @Test
    void atMostSoManyAreToldOfTheHome() {
        for (int i = 0; i < 20; i++) {
            result(store().save(session("p-many-" + i, 1), MINUTE));
        }
        assertThat(result(store().homedAt("node-1", 7))).hasSizeBetween(1, 7);
        for (int left = 20;
                left > 0;
                left = result(store().homedAt("node-1", 100)).size()) {
            assertThat(result(store().homedAt("node-1", 7)))
                    .isNotEmpty()
                    .allSatisfy(session -> assertThat(result(store().remove(session.privateId(), session.home())))
                            .isEqualTo(Removal.REMOVED));
        }
        assertThat(result(store().homedAt("node-1", 7))).isEmpty();
    }

    @Test
    void aSessionIsForgottenAfterItsTimeToLive() {
        result(store().save(session("p-old", 1), lasting(Duration.ofSeconds(10))));
        elapse(Duration.ofSeconds(5));
        assertThat(result(store().find("p-old"))).isPresent();
        elapse(Duration.ofSeconds(15));
        assertThat(result(store().find("p-old"))).isEmpty();
        assertThat(claim("p-old", "node-2")).isEmpty();
    }

    @Test
    void savingAgainProlongsTheLife() {
        result(store().save(session("p-long", 1), lasting(Duration.ofSeconds(10))));
        elapse(Duration.ofSeconds(7));
        result(store().save(session("p-long", 1), lasting(Duration.ofSeconds(10))));
        elapse(Duration.ofSeconds(7));
        assertThat(claim("p-long", "node-2")).isPresent();
    }

    @Test
    void ofManyClaimsAtOnceEachGetsItsOwnFence() throws Exception {
        int claims = 16;
        result(store().save(session("p-race", 0), MINUTE));
        Set<Long> fences = ConcurrentHashMap.newKeySet();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < claims; i++) {
            String node = "node-" + i;
            threads.add(new Thread(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                Optional<SessionRecord> mine = claim("p-race", node);
                mine.ifPresent(record -> fences.add(record.home().fence()));
            }));
        }
        threads.forEach(Thread::start);
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(fences).hasSize(claims);
        assertThat(result(store().find("p-race")).orElseThrow().home().fence()).isEqualTo(claims);
    }

    private SessionRecord claimed(String privateId) {
        return claim(privateId, "node-2").orElseThrow();
    }

    private Optional<SessionRecord> claim(String privateId, String node) {
        Claim claim = result(store().claim(privateId, node, U7));
        return claim instanceof Claim.Granted granted ? Optional.of(granted.session()) : Optional.empty();
    }

    private static SessionRecord session(String privateId, long fence) {
        return session(privateId, fence, new Position(1_900_000_000_000L, 7));
    }

    private static Home home(long fence) {
        return new Home("node-1", 0, fence);
    }

    private static SessionRecord session(String privateId, Home home) {
        return session(privateId, home.fence()).home(home);
    }

    private static SessionRecord session(String privateId, long fence, Position confirmed) {
        Principal principal = Principal.of("u7")
                .roles(Set.of("player"))
                .permissions(Set.of("chat.global"))
                .claims(Map.of("guild", "ünï", "level", 12, "tags", List.of("a", "b")))
                .tokenId("t-1")
                .issuedAt(Instant.parse("2029-12-31T23:00:00.5Z"))
                .expiresAt(Instant.parse("2030-01-01T00:00:00Z"));
        return SessionRecord.of(privateId, "s-" + privateId, "/game", home(fence))
                .principal(principal)
                .attributes(Map.of("score", "{\"best\":7}"))
                .epoch("epoch-1")
                .start(new Position(5, 1))
                .confirmed(confirmed)
                .memberships(List.of(
                        new RoomMembership("zone:tavern", new Position(5, 2), null),
                        new RoomMembership("zone:cave", new Position(5, 2), new Position(6, 0))))
                .exactFrom(new Position(5, 1))
                .absenceTold(true)
                .awaySince(1_900_000_000_123L);
    }
}
