package dev.realtime.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Position;
import dev.realtime.internal.presence.PresenceFold.Known;
import dev.realtime.internal.presence.PresenceNote.EndedSession;
import dev.realtime.internal.presence.PresenceNote.Gone;
import dev.realtime.internal.presence.PresenceNote.Hello;
import dev.realtime.internal.presence.PresenceNote.Leaving;
import dev.realtime.internal.presence.PresenceNote.Said;
import dev.realtime.internal.presence.PresenceNote.State;
import dev.realtime.presence.Status;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever nodes say in whatever order: who has been told the same knows the same, and what is counted is what there is. */
class PresenceFoldPropertiesTest {
    private static final List<String> NODES = List.of("n0", "n1", "n2");
    private static final List<String> USERS = List.of("ann", "bob", "c\"\u00fc");
    private static final List<String> ROOMS = List.of("zone:a", "zone:b");

    @Provide
    Arbitrary<List<PresenceNote>> notes() {
        Arbitrary<String> node = Arbitraries.of(NODES);
        Arbitrary<Integer> small = Arbitraries.integers().between(0, 4);
        Arbitrary<SessionStatement> session = Combinators.combine(
                        Arbitraries.integers().between(0, 5),
                        small,
                        Arbitraries.of(Status.CONNECTED, Status.AWAY, Status.RECONNECTING),
                        Arbitraries.of(true, false),
                        Arbitraries.subsetOf(ROOMS))
                .as((id, fence, status, recoverable, rooms) -> new SessionStatement(
                        "s" + id,
                        id == 5 ? null : USERS.get(id % USERS.size()),
                        fence,
                        status,
                        status == Status.AWAY ? 17 : 0,
                        recoverable,
                        List.copyOf(new TreeSet<>(rooms)),
                        id == 1 ? "{\"team\":\"red\"}" : ""));
        Arbitrary<EndedSession> ended =
                Combinators.combine(small, small).as((id, fence) -> new EndedSession("s" + id, fence));
        Arbitrary<PresenceNote> said = Combinators.combine(
                        node, session.list().ofMaxSize(3), ended.list().ofMaxSize(2))
                .as(Said::new);
        Arbitrary<PresenceNote> gone = Combinators.combine(node, node).as(Gone::new);
        Arbitrary<PresenceNote> hello = node.map(who -> new Hello(who, 1, "e", who.equals("n1")));
        Arbitrary<PresenceNote> leaving = node.map(Leaving::new);
        Arbitrary<PresenceNote> answer = Combinators.combine(node, node)
                .as((who, asker) -> new State(
                        who,
                        asker + "#1",
                        new Position(7, 1),
                        0,
                        1,
                        Position.START,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of()));
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(8, said),
                        net.jqwik.api.Tuple.of(2, gone),
                        net.jqwik.api.Tuple.of(1, hello),
                        net.jqwik.api.Tuple.of(1, leaving),
                        net.jqwik.api.Tuple.of(2, answer))
                .list()
                .ofMaxSize(40);
    }

    /** Tells a fold what a node has said, as it comes out of the log; returns the users who came or went. */
    private static List<String> tell(PresenceFold fold, PresenceNote written) {
        PresenceNote note = Objects.requireNonNull(PresenceText.read(PresenceText.write(written)));
        assertThat(note).isEqualTo(written);
        FoldChanges changes = fold.take(new Position(8, fold.size()), note);
        List<String> edges = new ArrayList<>();
        if (changes != null) {
            changes.users().stream()
                    .filter(FoldChanges.UserChange::isEdge)
                    .forEach(change -> edges.add(fold.teller(note.node()) + ":" + change.user() + change.isOnline()));
        }
        return edges;
    }

    private static String all(PresenceFold fold) {
        StringBuilder text = new StringBuilder();
        fold.state("x", "q#1", Position.START).forEach(page -> text.append(PresenceText.write(page)));
        return text.toString();
    }

    @Property(tries = 500)
    void whoIsGivenTheStateKnowsTheSameAsWhoHasHeardItAll(
            @ForAll("notes") List<PresenceNote> notes, @ForAll double when) {
        int joins = (int) (Math.abs(when) % 1 * notes.size());
        PresenceFold old = new PresenceFold();
        PresenceFold newcomer = new PresenceFold();
        for (int i = 0; i < notes.size(); i++) {
            if (i == joins) {
                List<State> pages = new ArrayList<>();
                for (State page : old.state("n0", "n9#1", Position.START)) {
                    pages.add((State) Objects.requireNonNull(PresenceText.read(PresenceText.write(page))));
                }
                newcomer.load(pages, new Position(8, 0));
                assertThat(all(newcomer)).isEqualTo(all(old));
                assertThat(newcomer.bytes()).isEqualTo(old.bytes());
            }
            List<String> edges = tell(old, notes.get(i));
            List<String> seen = tell(newcomer, notes.get(i));
            if (i >= joins) {
                assertThat(seen).isEqualTo(edges);
            }
        }
        if (joins < notes.size()) {
            assertThat(all(newcomer)).isEqualTo(all(old));
        }
    }

    @Property(tries = 500)
    void whatIsSaidTwiceChangesNothingTheSecondTime(@ForAll("notes") List<PresenceNote> notes) {
        PresenceFold fold = new PresenceFold();
        for (PresenceNote note : notes) {
            tell(fold, note);
            if (!(note instanceof Said said) || said.ended().isEmpty()) {
                assertThat(tell(fold, note)).isEmpty();
            }
        }
    }

    @Property(tries = 500)
    void whatIsCountedIsWhatThereIs(@ForAll("notes") List<PresenceNote> notes) {
        PresenceFold fold = new PresenceFold();
        Set<String> online = new HashSet<>();
        for (PresenceNote note : notes) {
            for (String edge : tell(fold, note)) {
                boolean comes = edge.endsWith("true");
                String user = edge.substring(edge.indexOf(':') + 1, edge.length() - (comes ? 4 : 5));
                assertThat(comes ? online.add(user) : online.remove(user))
                        .as("%s in turn", edge)
                        .isTrue();
            }
            List<Known> sessions = new ArrayList<>();
            fold.nodes().forEach(node -> sessions.addAll(fold.at(node)));
            assertThat(sessions).hasSize(fold.size());
            assertThat(fold.bytes())
                    .isEqualTo(sessions.stream()
                            .mapToLong(known ->
                                    PresenceFold.BYTES + known.statement().size())
                            .sum());
            assertThat(fold.users()).isEqualTo(online);
            for (String room : ROOMS) {
                Set<String> there = new HashSet<>();
                sessions.stream()
                        .map(Known::statement)
                        .filter(session -> session.rooms().contains(room))
                        .forEach(session -> there.add(session.who()));
                assertThat(fold.in(room)).isEqualTo(there);
                assertThat(fold.population(room)).isEqualTo(there.size());
            }
        }
    }
}
