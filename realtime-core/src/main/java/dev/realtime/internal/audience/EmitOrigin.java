package dev.realtime.internal.audience;

import dev.realtime.Session;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.spi.AddressKey;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where events of an audience come from, and what goes along with them. Immutable.
 *
 * @param by told what is emitted: the session that its handler has taken the audience from; null: nobody
 * @param sender whose user the events are from; null: nobody's
 * @param headers for the nodes
 */
record EmitOrigin(@Nullable LocalSession by, @Nullable Session sender, Map<String, String> headers) {
    static final EmitOrigin SERVER = new EmitOrigin(null, null, Map.of());

    /** Of an audience that a session was asked for. */
    static EmitOrigin of(@Nullable LocalSession session) {
        return session == null ? SERVER : new EmitOrigin(session, session, Map.of());
    }

    /** Of what is emitted to a session alone, which is not from it. */
    static EmitOrigin to(LocalSession session) {
        return new EmitOrigin(session, null, Map.of());
    }

    EmitOrigin from(Session other) {
        return new EmitOrigin(by, other, headers);
    }

    /** For whom what is emitted later counts: the user of the sender, or the address of one who is anonymous. Empty: for nobody. */
    String owner() {
        if (sender == null) {
            return "";
        }
        return sender.principal().anonymous()
                ? "a:" + AddressKey.of(sender.remoteAddress())
                : "u:" + sender.principal().id();
    }

    EmitOrigin header(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new EmitOrigin(by, sender, more);
    }
}
