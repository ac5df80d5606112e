package dev.realtime.internal.node;

import dev.realtime.DisconnectReason;
import dev.realtime.FreshReason;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.EngineObserver;
import dev.realtime.spi.Registration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node counts, and who observes what counters cannot say. The names are fixed in code, so no client can make more of them. Thread-safe. */
public final class Counters {

    /** Everything that is counted. */
    public enum Name {
        CONNECTIONS_OPENED("connections.opened"),
        CONNECTIONS_REFUSED("connections.refused"),
        CONNECTIONS_REFUSED_FULL("connections.refused.full"),
        CONNECTIONS_REFUSED_ADDRESS("connections.refused.address"),
        CONNECTIONS_REFUSED_RATE("connections.refused.rate"),
        CONNECTIONS_REFUSED_ADDRESS_RATE("connections.refused.address_rate"),
        CONNECTIONS_UPGRADED("connections.upgraded"),
        RELAYED("relay.requests"),
        RELAYS_FAILED("relay.failed"),
        SESSIONS_CONNECTED("sessions.connected"),
        SESSIONS_REFUSED("sessions.refused"),
        SESSIONS_REFUSED_USER("sessions.refused.user"),
        CONNECTS_REFUSED("connects.refused"),
        CONNECTS_DELAYED("connects.delayed"),
        CONNECTS_LIMITED("connects.limited"),
        CONNECTS_POSTPONED("connects.postponed"),
        SESSIONS_SUSPENDED("sessions.suspended"),
        SESSIONS_RESUMED("sessions.resumed"),
        SESSIONS_FRESH("sessions.fresh"),
        RESUMES_POSTPONED("resumes.postponed"),
        RESUMES_LIMITED("resumes.limited"),
        RECORDS_DELAYED("records.delayed"),
        SESSIONS_CLOSED("sessions.closed"),
        EVENTS_RECEIVED("events.received"),
        EVENTS_UNKNOWN("events.unknown"),
        EVENTS_REFUSED("events.refused"),
        EVENTS_LIMITED("events.limited"),
        EVENTS_RESTRICTED("events.restricted"),
        EVENTS_OVERLOADED("events.overloaded"),
        EVENTS_FORBIDDEN("events.forbidden"),
        ESCALATION_WARNED("escalation.warned"),
        ESCALATION_RESTRICTED("escalation.restricted"),
        ESCALATION_DISCONNECTED("escalation.disconnected"),
        EVENTS_EXPIRED("events.expired"),
        EVENTS_FAILED("events.failed"),
        EVENTS_UNENCODABLE("events.unencodable"),
        FAILURES_UNSEEN("failures.unseen"),
        OBSERVERS_FAILED("observers.failed"),
        HANDLERS_TIMED_OUT("handlers.timed_out"),
        HANDLERS_SLOW("handlers.slow"),
        HANDLERS_QUEUED("handlers.queued"),
        ORDER_GIVEN_UP("order.given_up"),
        LOG_APPENDED("log.appended"),
        DELIVERIES("deliveries"),
        REPLAYED("replayed"),
        VOLATILE_DROPPED("volatile.dropped"),
        RELIABLE_DROPPED("reliable.dropped"),
        OUTBOX_OVERFLOW("outbox.overflow"),
        OUTBOUND_DROPPED("outbound.dropped"),
        OUTBOUND_DISCONNECTED("outbound.disconnected"),
        READING_PAUSED("reading.paused"),
        REFUSALS_UNTOLD("refusals.untold"),
        REFUSALS_UNREPORTED("refusals.unreported"),
        INBOX_OVERFLOW("inbox.overflow"),
        INBOUND_REFUSED("inbound.refused"),
        UNREAD_REFUSED("unread.refused"),
        STALLED("connections.stalled"),
        PACKETS_BAD("packets.bad"),
        PACKETS_LATE("packets.late"),
        ACKS_UNEXPECTED("acks.unexpected"),
        LOG_LINES_OMITTED("log.lines.omitted"),
        SUSPENSIONS_REFUSED("suspensions.refused"),
        NAMESPACES_REFUSED("namespaces.refused"),
        RATES_FORGOTTEN("rates.forgotten"),
        LIMITS_EXCHANGED("limits.exchanged"),
        LIMITS_DEGRADED("limits.degraded"),
        IDEMPOTENCY_REPEATED("idempotency.repeated"),
        IDEMPOTENCY_OVERFLOW("idempotency.overflow"),
        IDEMPOTENCY_UNAVAILABLE("idempotency.unavailable"),
        IDEMPOTENCY_LOST("idempotency.lost"),
        IDEMPOTENCY_UNKEPT("idempotency.unkept"),
        IDEMPOTENCY_ABANDONED("idempotency.abandoned"),
        PRESENCE_UNTOLD("presence.untold"),
        STATE_UNTOLD("state.untold"),
        ROOM_RULES_FAILED("rooms.rules.failed"),
        REVALIDATIONS_FAILED("revalidations.failed"),
        EPOCH_CHANGES("epoch.changes"),
        EPOCH_GAPS("epoch.gaps"),
        SCHEDULE_SCHEDULED("schedule.scheduled"),
        SCHEDULE_REFUSED("schedule.refused"),
        SCHEDULE_EMITTED("schedule.emitted"),
        SCHEDULE_LATE("schedule.late"),
        SCHEDULE_LATE_MS("schedule.late.ms"),
        SCHEDULE_FAILED("schedule.failed"),
        MAIL_STORED("mail.stored"),
        MAIL_REFUSED("mail.refused"),
        MAIL_DROPPED("mail.dropped"),
        MAIL_UNTOLD("mail.untold"),
        MAIL_DELIVERED("mail.delivered"),
        MAIL_ACKNOWLEDGED("mail.acknowledged"),
        MAIL_UNACKNOWLEDGED("mail.unacknowledged"),
        MAIL_FAILED("mail.failed");

        private final String text;

        Name(String text) {
            this.text = text;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Counters.class);

    private final Map<Name, LongAdder> adders = of(Name.class);
    private final Map<DisconnectReason, LongAdder> closedConnections = of(DisconnectReason.class);
    private final Map<DisconnectReason, LongAdder> closedSessions = of(DisconnectReason.class);
    private final Map<FreshReason, LongAdder> freshSessions = of(FreshReason.class);
    private final Observers observers = new Observers();

    private static <K extends Enum<K>> Map<K, LongAdder> of(Class<K> keys) {
        Map<K, LongAdder> adders = new EnumMap<>(keys);
        for (K key : keys.getEnumConstants()) {
            adders.put(key, new LongAdder());
        }
        return adders;
    }

    public void count(Name name) {
        adder(name).increment();
    }

    public void count(Name name, long times) {
        adder(name).add(times);
    }

    public void connectionClosed(DisconnectReason reason) {
        adder(closedConnections, reason).increment();
    }

    public void sessionClosed(DisconnectReason reason) {
        count(Name.SESSIONS_CLOSED);
        adder(closedSessions, reason).increment();
    }

    public void sessionIsFresh(FreshReason reason) {
        count(Name.SESSIONS_FRESH);
        adder(freshSessions, reason).increment();
    }

    private LongAdder adder(Name name) {
        return adder(adders, name);
    }

    private static <K> LongAdder adder(Map<K, LongAdder> adders, K key) {
        return Objects.requireNonNull(adders.get(key));
    }

    /** Who is told what counters cannot say; null: nobody. It throws nothing. */
    public @Nullable EngineObserver observer() {
        return observers.told();
    }

    /** @param observer of the application; what it throws goes to a line of the log */
    public Registration observe(EngineObserver observer, BoundedLog lines) {
        return observers.add(new GuardedObserver(observer, this, lines));
    }

    /** Something of the application that only looks on has thrown. */
    public void observerFailed(Object observer, Throwable failure, BoundedLog lines) {
        count(Name.OBSERVERS_FAILED);
        lines.warn(
                LOG,
                "observers",
                "{} failed, and the engine goes on",
                observer.getClass().getName(),
                failure);
    }

    public long value(Name name) {
        return adder(name).sum();
    }

    public Map<String, Long> snapshot() {
        Map<String, Long> values = new TreeMap<>();
        for (Name name : Name.values()) {
            values.put(name.text, adder(name).sum());
        }
        closedConnections.forEach((reason, count) -> values.put("connections.closed." + reason.code(), count.sum()));
        closedSessions.forEach((reason, count) -> values.put("sessions.closed." + reason.code(), count.sum()));
        freshSessions.forEach(
                (reason, count) -> values.put("sessions.fresh." + reason.name().toLowerCase(Locale.ROOT), count.sum()));
        return values;
    }
}
