package dev.realtime.testkit.backend;

import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.spi.Home;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionRecord.RoomMembership;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The bytes of a session record. Equal records have equal bytes, so that one seed has one trace. */
final class SessionRecordBytes {
    private SessionRecordBytes() {}

    static byte[] write(SessionRecord session) {
        ByteWriter out = new ByteWriter();
        out.text(session.privateId());
        out.text(session.sessionId());
        out.text(session.namespace());
        Principal principal = session.principal();
        out.flag(principal != null);
        if (principal != null) {
            ValueBytes.principal(out, principal);
        }
        ValueBytes.texts(out, session.attributes());
        home(out, session.home());
        out.text(session.epoch());
        ValueBytes.position(out, session.start());
        ValueBytes.position(out, session.confirmed());
        out.number(session.memberships().size());
        for (RoomMembership membership : session.memberships()) {
            out.text(membership.room());
            ValueBytes.position(out, membership.joined());
            Position left = membership.left();
            out.flag(left != null);
            if (left != null) {
                ValueBytes.position(out, left);
            }
        }
        ValueBytes.position(out, session.exactFrom());
        out.flag(session.absenceTold());
        out.number(session.awaySince());
        return out.bytes();
    }

    static SessionRecord session(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        String privateId = in.text();
        String sessionId = in.text();
        String namespace = in.text();
        Principal principal = in.flag() ? ValueBytes.principal(in) : null;
        Map<String, String> attributes = ValueBytes.texts(in);
        Home home = home(in);
        String epoch = in.text();
        Position start = ValueBytes.position(in);
        Position confirmed = ValueBytes.position(in);
        List<RoomMembership> memberships = new ArrayList<>();
        for (long left = in.number(); left > 0; left--) {
            memberships.add(
                    new RoomMembership(in.text(), ValueBytes.position(in), in.flag() ? ValueBytes.position(in) : null));
        }
        return SessionRecord.of(privateId, sessionId, namespace, home)
                .principal(principal)
                .attributes(attributes)
                .epoch(epoch)
                .start(start)
                .confirmed(confirmed)
                .memberships(memberships)
                .exactFrom(ValueBytes.position(in))
                .absenceTold(in.flag())
                .awaySince(in.number());
    }

    private static void home(ByteWriter out, Home home) {
        out.text(home.node());
        out.number(home.since());
        out.number(home.fence());
    }

    private static Home home(ByteReader in) {
        return new Home(in.text(), in.number(), in.number());
    }
}
