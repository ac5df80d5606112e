package dev.realtime.redis.internal.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.ThreadMXBean;
import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.spi.Home;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionRecord.RoomMembership;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Session records, as Node.js servers keep them and as the library does. */
class SessionCodecTest {
    private final SessionCodec codec = new SessionCodec();

    private static SessionRecord record() {
        return SessionRecord.of("pid-1", "sid-1", "/chat", new Home("node-1", 2, 3))
                .principal(Principal.of("ann")
                        .roles(Set.of("a"))
                        .permissions(Set.of("b"))
                        .claims(Map.of("c", "d")))
                .attributes(Map.of("hp", "1.0", "bag", "{\"gold\": 12345678901234567890}", "realtime", "5"))
                .epoch("epoch-1")
                .start(new Position(5, 1))
                .confirmed(new Position(7, 0))
                .memberships(List.of(
                        new RoomMembership("zone:tavern", new Position(6, 0), null),
                        new RoomMembership("zone:attic", new Position(5, 2), new Position(6, 9))))
                .exactFrom(new Position(1, 2))
                .absenceTold(true)
                .awaySince(1_900_000_000_123L);
    }

    @Test
    void aRecordOfTheLibrarySurvivesToTheLetter() throws BadWireException {
        assertThat(codec.decode("pid-1", codec.encode(record()), "other")).isEqualTo(record());
    }

    @Test
    void whatATokenSaysOfItselfIsAddedBehindWhatOlderNodesRead() throws BadWireException {
        Principal older = Principal.of("ann").roles(Set.of("a"));
        Principal newer = older.tokenId("t-1").issuedAt(Instant.parse("2030-01-01T00:00:00.25Z"));
        assertThat(codec.decode("pid-1", codec.encode(record().principal(newer)), "e")
                        .principal())
                .isEqualTo(newer);
        assertThat(principal(codec.encode(record().principal(older))))
                .containsOnlyKeys("id", "roles", "permissions", "claims", "expires", "anonymous");
        assertThat(principal(codec.encode(record().principal(newer))))
                .containsKeys("id", "roles", "permissions", "claims", "expires", "anonymous")
                .hasSize(8);
    }

    private static Map<String, MsgpackValue> principal(String record) throws BadWireException {
        return MsgpackValue.message(Base64.getDecoder().decode(record))
                .members()
                .get("realtime")
                .members()
                .get("principal")
                .members()
                .byName();
    }

    @Test
    void readingARecordReservesLittleBesideWhatItHolds() throws BadWireException {
        String value = codec.encode(record());
        codec.decode("pid-1", value, "other"); // with what is reserved once
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        codec.decode("pid-1", value, "other");
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(64 << 10);
    }

    @Test
    void aNodeServerFindsWhatItWouldHaveWritten() throws BadWireException {
        JsonNode seen = Upstream.tree(MsgpackValue.message(Base64.getDecoder().decode(codec.encode(record())))
                .json());
        assertThat(seen.get("sid").textValue()).isEqualTo("sid-1");
        assertThat(seen.get("pid").textValue()).isEqualTo("pid-1");
        assertThat(seen.get("rooms")).isEqualTo(Upstream.tree("[\"sid-1\",\"zone:tavern\"]"));
        assertThat(seen.get("data").get("hp").doubleValue()).isEqualTo(1.0);
        assertThat(seen.get("data").get("realtime").get("principal").get("id").textValue())
                .isEqualTo("ann");
    }

    @Test
    void aSessionThatComesBackFromNodeIsStillTheSamePrincipal() throws BadWireException {
        MsgpackValue.Members ours = MsgpackValue.message(Base64.getDecoder().decode(codec.encode(record())))
                .members();
        MsgpackWriter node = new MsgpackWriter().map(4);
        for (String member : List.of("sid", "pid", "rooms", "data")) {
            JsonToMsgpack.value(ours.get(member).json(), node.string(member));
        }
        String value = Base64.getEncoder().encodeToString(node.toByteArray());
        SessionRecord back = codec.decode("pid-1", value, "epoch-2");
        assertThat(back.principal()).isEqualTo(record().principal());
        assertThat(back.namespace()).isEqualTo("/chat");
        assertThat(back.attributes()).containsOnlyKeys("hp", "bag").containsEntry("hp", "1.0");
        assertThat(back.memberships()).containsExactly(new RoomMembership("zone:tavern", Position.START, null));
        assertThat(back.epoch()).isEqualTo("epoch-2");
        assertThat(back.home().node()).isEmpty();
    }

    @Test
    void aSessionOfNodeIsRead() throws BadWireException {
        JsonNode written = Upstream.messages("session").get(0);
        String pid = written.get("key").textValue().substring("sio:session:".length());
        SessionRecord session = codec.decode(pid, written.get("value").textValue(), "epoch-1");
        assertThat(session.principal()).isNull();
        assertThat(session.namespace()).isEmpty();
        assertThat(session.sessionId()).hasSize(20);
        assertThat(session.memberships())
                .extracting(RoomMembership::room)
                .containsExactly("zone:tavern", "match:1", "zone:attic", "zone:cellar");
        assertThat(session.memberships())
                .allMatch(membership ->
                        membership.left() == null && membership.joined().equals(Position.START));
        assertThat(session.attributes()).containsEntry("name", "\"ann\"").containsEntry("key", "\"AQID\"");
        assertThat(session.exactFrom()).isEqualTo(new Position(0, 1));
        assertThat(session.start()).isEqualTo(Position.START);
        assertThat(session.epoch()).isEqualTo("epoch-1");
    }

    @Test
    void aRecordUnderAnotherNameIsRefused() {
        String value = codec.encode(record());
        assertThatThrownBy(() -> codec.decode("pid-2", value, "e")).isInstanceOf(BadWireException.class);
    }

    @Test
    void noByteOfARecordCanBeBrokenIntoAnythingButARefusal() {
        byte[] good = Base64.getDecoder().decode(codec.encode(record()));
        for (int i = 0; i < good.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] bad = good.clone();
                bad[i] ^= (byte) (1 << bit);
                try {
                    codec.decode("pid-1", new String(Base64.getEncoder().encode(bad), US_ASCII), "e");
                } catch (BadWireException expected) {
                    assertThat(expected.getMessage()).doesNotContain("\n");
                }
            }
        }
        assertThatThrownBy(() -> codec.decode("pid-1", "%%%", "e")).isInstanceOf(BadWireException.class);
    }
}
