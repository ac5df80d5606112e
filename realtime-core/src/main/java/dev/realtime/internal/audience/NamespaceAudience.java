package dev.realtime.internal.audience;

import dev.realtime.Audience;
import dev.realtime.Event;
import dev.realtime.Event.Contract;
import dev.realtime.Fetched;
import dev.realtime.Position;
import dev.realtime.Replies;
import dev.realtime.Request;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.VolatileAudience;
import dev.realtime.internal.fanout.VolatileEmit;
import dev.realtime.internal.mail.MailEmits;
import dev.realtime.internal.options.Range;
import dev.realtime.internal.requests.NamespaceRequests;
import dev.realtime.internal.schedule.LaterEmits;
import dev.realtime.internal.session.Envelopes;
import dev.realtime.internal.session.Payloads;
import dev.realtime.internal.session.Publisher;
import dev.realtime.schedule.ScheduledEvent;
import dev.realtime.spi.EventData;
import dev.realtime.spi.EventTerms;
import dev.realtime.spi.Ids;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** An audience of one namespace: a target and what can be done to it. */
public class NamespaceAudience implements Audience {
    private final Payloads payloads;
    private final Envelopes envelopes;
    private final Publisher publisher;
    private final NamespaceRequests requests;
    private final LaterEmits later;
    private final MailEmits mail;
    private final Target target;
    private final EmitOrigin origin;

    NamespaceAudience(
            Payloads payloads,
            Envelopes envelopes,
            Publisher publisher,
            NamespaceRequests requests,
            LaterEmits later,
            MailEmits mail,
            Target target,
            EmitOrigin origin) {
        this.payloads = payloads;
        this.envelopes = envelopes;
        this.publisher = publisher;
        this.requests = requests;
        this.later = later;
        this.mail = mail;
        this.target = target;
        this.origin = origin;
    }

    private NamespaceAudience with(Target other) {
        return with(other, origin);
    }

    private NamespaceAudience with(Target other, EmitOrigin where) {
        return new NamespaceAudience(payloads, envelopes, publisher, requests, later, mail, other, where);
    }

    private static Set<String> plus(Set<String> names, String name) {
        if (names.isEmpty()) {
            return Set.of(name);
        }
        Set<String> more = new LinkedHashSet<>(names);
        more.add(name);
        return more;
    }

    @Override
    public Audience room(RoomKey room) {
        Objects.requireNonNull(room, "room");
        return with(new Target(plus(target.rooms(), room.toString()), target.except(), target.node()));
    }

    @Override
    public Audience session(String sessionId) {
        Range.wellFormed("sessionId", sessionId);
        return with(new Target(plus(target.rooms(), Ids.sessionId(sessionId)), target.except(), target.node()));
    }

    @Override
    public Audience except(RoomKey room) {
        Objects.requireNonNull(room, "room");
        return with(new Target(target.rooms(), plus(target.except(), room.toString()), target.node()));
    }

    @Override
    public Audience exceptSession(String sessionId) {
        Range.wellFormed("sessionId", sessionId);
        return with(new Target(target.rooms(), plus(target.except(), Ids.sessionId(sessionId)), target.node()));
    }

    @Override
    public Audience header(String name, String value) {
        Range.wellFormed("name", name);
        Range.wellFormed("value", value);
        return with(target, origin.header(name, value));
    }

    @Override
    public Audience from(Session sender) {
        return with(target, origin.from(Objects.requireNonNull(sender, "sender")));
    }

    @Override
    public Audience local() {
        return with(new Target(target.rooms(), target.except(), requests.node()));
    }

    @Override
    public VolatileAudience asVolatile() {
        return new VolatileSelection(null);
    }

    @Override
    public <T> CompletionStage<Position> emit(Event<T> event, T payload) {
        Objects.requireNonNull(event, "event");
        return emit(event.contract(), payload);
    }

    @Override
    public CompletionStage<Position> emit(Event<Void> event) {
        Objects.requireNonNull(event, "event");
        return emit(event.contract(), null);
    }

    private <T> CompletionStage<Position> emit(Contract<T> contract, @Nullable T payload) {
        if (contract.mail().isPresent()) {
            CompletionStage<Position> kept = mail.emit(target, contract, payload, origin.sender());
            publisher.emitted(contract.name(), false);
            return kept;
        }
        LogEntry.Emit entry = entry(contract, payload);
        publisher.emitted(contract.name(), false);
        return append(contract.name(), entry);
    }

    private <T> LogEntry.Emit entry(Contract<T> contract, @Nullable T payload) {
        EventData data = envelopes.event(contract, payload, origin.sender());
        return new LogEntry.Emit(
                target, data, EventTerms.of(contract, publisher.carried(contract.name(), origin.headers())));
    }

    @Override
    public <T> CompletionStage<ScheduledEvent> emitAfter(Duration delay, Event<T> event, T payload) {
        Objects.requireNonNull(delay, "delay");
        Objects.requireNonNull(event, "event");
        return emitAfter(delay, event.contract(), payload);
    }

    @Override
    public CompletionStage<ScheduledEvent> emitAfter(Duration delay, Event<Void> event) {
        Objects.requireNonNull(delay, "delay");
        Objects.requireNonNull(event, "event");
        return emitAfter(delay, event.contract(), null);
    }

    private <T> CompletionStage<ScheduledEvent> emitAfter(Duration delay, Contract<T> contract, @Nullable T payload) {
        mail.refuse(contract, "later");
        return later.emitAfter(delay, contract.name(), entry(contract, payload), origin.owner());
    }

    @Override
    public <T> CompletionStage<ScheduledEvent> emitAt(Instant time, Event<T> event, T payload) {
        return emitAfter(later.until(Objects.requireNonNull(time, "time")), event, payload);
    }

    @Override
    public CompletionStage<ScheduledEvent> emitAt(Instant time, Event<Void> event) {
        return emitAfter(later.until(Objects.requireNonNull(time, "time")), event);
    }

    private CompletionStage<Position> append(String what, LogEntry entry) {
        return publisher.append(what, entry, origin.by());
    }

    @Override
    public <T, R> CompletionStage<Replies<R>> request(Request<T, R> request, T payload, Duration timeout) {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(timeout, "timeout");
        return requests.askClients(request, target, payloads.event(request.contract(), payload), timeout);
    }

    @Override
    public CompletionStage<Fetched> fetch() {
        return requests.fetch(target);
    }

    @Override
    public CompletionStage<Position> join(RoomKey... rooms) {
        Objects.requireNonNull(rooms, "rooms");
        return append("join", new LogEntry.Join(target, names(rooms)));
    }

    @Override
    public CompletionStage<Position> leave(RoomKey... rooms) {
        Objects.requireNonNull(rooms, "rooms");
        return append("leave", new LogEntry.Leave(target, names(rooms)));
    }

    private static Set<String> names(RoomKey... rooms) {
        Set<String> names = new LinkedHashSet<>();
        for (RoomKey room : rooms) {
            names.add(Objects.requireNonNull(room, "room").toString());
        }
        return names;
    }

    @Override
    public CompletionStage<Position> disconnect(boolean closeConnection) {
        return append("disconnect", new LogEntry.Disconnect(target, closeConnection));
    }

    /** The same audience for events that may be lost. */
    private final class VolatileSelection implements VolatileAudience {
        private final @Nullable String key;

        VolatileSelection(@Nullable String key) {
            this.key = key;
        }

        @Override
        public VolatileAudience coalesce(String newKey) {
            Range.wellFormed("key", newKey);
            return new VolatileSelection(newKey);
        }

        @Override
        public <T> void emit(Event<T> event, T payload) {
            Objects.requireNonNull(event, "event");
            send(event.contract(), payload);
        }

        @Override
        public void emit(Event<Void> event) {
            Objects.requireNonNull(event, "event");
            send(event.contract(), null);
        }

        private <T> void send(Contract<T> contract, @Nullable T payload) {
            mail.refuse(contract, "as volatile");
            publisher.requireOpen();
            EventData data = envelopes.event(contract, payload, origin.sender());
            publisher.emitted(contract.name(), true);
            publisher.emit(new VolatileEmit(target, data, key, true), origin.by());
        }
    }
}
