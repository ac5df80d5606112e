package dev.realtime.redis.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.RoomKey;
import dev.realtime.spi.SessionRecord;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application of Node.js may put anything into {@code socket.data}. */
class ForeignDataTest {

    private static void data(String json, MsgpackWriter out) {
        JsonToMsgpack.value(json, out.string("data"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"ann\"", "[1,2]", "7", "null", "true"})
    void aSocketWhoseDataIsNoObjectIsSeenWithoutAttributes(String json) throws BadWireException {
        MsgpackWriter out = new MsgpackWriter();
        out.map(1);
        int mark = out.string("sockets").open();
        out.map(3).string("id").string("sid-1").string("rooms").strings(Set.of("sid-1", "zone:a"));
        data(json, out);
        out.closeArray(mark, 1);
        var views = SocketViews.readAll(MsgpackValue.message(out.toByteArray()).members(), "node-js");
        assertThat(views).hasSize(1);
        assertThat(views.get(0).id()).isEqualTo("sid-1");
        assertThat(views.get(0).attributes()).isEmpty();
    }

    /** A client of a server that joins whatever it is asked to can be in as many rooms as it likes. */
    @Test
    void ofASocketInMoreRoomsThanAnEntryMayNameTheFirstAreSeen() throws BadWireException {
        Set<String> rooms = new LinkedHashSet<>(List.of("sid-1"));
        for (int i = 0; rooms.size() < 100_000; i++) {
            rooms.add("zone:" + i);
        }
        MsgpackWriter out = new MsgpackWriter();
        out.map(1);
        int mark = out.string("sockets").open();
        out.map(2).string("id").string("sid-1").string("rooms").strings(rooms);
        out.map(2).string("id").string("sid-2").string("rooms").strings(Set.of("sid-2", "zone:a"));
        out.closeArray(mark, 2);
        var views = SocketViews.readAll(MsgpackValue.message(out.toByteArray()).members(), "node-js");
        assertThat(views).hasSize(2);
        assertThat(views.get(0).rooms()).hasSize(4_096).contains(RoomKey.plain("zone:0"));
        assertThat(views.get(1).rooms()).containsExactly(RoomKey.plain("zone:a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"ann\"", "[1,2]", "7", "null", "true"})
    void aSessionWhoseDataIsNoObjectMoves(String json) throws BadWireException {
        MsgpackWriter out = new MsgpackWriter();
        out.map(4).string("sid").string("sid-1").string("pid").string("pid-1");
        out.string("rooms").strings(List.of("sid-1", "zone:a"));
        data(json, out);
        SessionRecord session =
                new SessionCodec().decode("pid-1", Base64.getEncoder().encodeToString(out.toByteArray()), "epoch-1");
        assertThat(session.sessionId()).isEqualTo("sid-1");
        assertThat(session.attributes()).isEmpty();
    }
}
