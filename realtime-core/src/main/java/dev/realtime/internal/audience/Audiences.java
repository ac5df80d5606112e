package dev.realtime.internal.audience;

import dev.realtime.Audience;
import dev.realtime.Room;
import dev.realtime.RoomKey;
import dev.realtime.internal.mail.MailEmits;
import dev.realtime.internal.requests.NamespaceRequests;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.schedule.LaterEmits;
import dev.realtime.internal.session.Envelopes;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.Payloads;
import dev.realtime.internal.session.Publisher;
import dev.realtime.spi.Target;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The audiences of a namespace, to begin with. Thread-safe. */
public final class Audiences {
    private final Payloads payloads;
    private final Envelopes envelopes;
    private final Publisher publisher;
    private final NamespaceRequests requests;
    private final LaterEmits later;
    private final MailEmits mail;
    private final RoomIndex<LocalSession> rooms;

    public Audiences(
            Payloads payloads,
            Envelopes envelopes,
            Publisher publisher,
            NamespaceRequests requests,
            LaterEmits later,
            MailEmits mail,
            RoomIndex<LocalSession> rooms) {
        this.payloads = payloads;
        this.envelopes = envelopes;
        this.publisher = publisher;
        this.requests = requests;
        this.later = later;
        this.mail = mail;
        this.rooms = rooms;
    }

    /** All sessions of the namespace, on all nodes. */
    public Audience everybody() {
        return audience(Target.EVERYBODY, EmitOrigin.SERVER);
    }

    /** A session alone, which is told what is emitted through it. */
    public Audience only(LocalSession session) {
        return audience(new Target(Set.of(session.id()), Set.of(), null), EmitOrigin.to(session));
    }

    /**
     * Everybody in a room.
     *
     * @param by the session that addresses it, is told what is emitted through it, and whose user that is from; null: nobody
     */
    public Room room(RoomKey room, @Nullable LocalSession by) {
        return new RoomAudience(payloads, envelopes, publisher, requests, later, mail, rooms, room, EmitOrigin.of(by));
    }

    private NamespaceAudience audience(Target target, EmitOrigin origin) {
        return new NamespaceAudience(payloads, envelopes, publisher, requests, later, mail, target, origin);
    }
}
