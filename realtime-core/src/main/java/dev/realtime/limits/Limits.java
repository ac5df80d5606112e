package dev.realtime.limits;

import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.FreshReason;
import dev.realtime.NamespaceSetup;
import dev.realtime.RealtimeBuilder;
import dev.realtime.internal.options.Range;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.EventData;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * What clients may ask of a server. Immutable: start from {@link #DEFAULT} and change single values, as in
 * {@code Limits.DEFAULT.maxPayload(64_000)}. A value that makes no sense is refused with an {@link IllegalArgumentException} that names it.
 */
public final class Limits implements Cloneable {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofDays(1);

    public static final Limits DEFAULT = new Limits();

    private int maxConnections = 100_000;
    private int maxConnectionsPerIp = 1_000;
    private int maxConnectionsPerUser = 16;
    private int maxSuspendedPerIp = 2_000;
    private int maxHandlersPerIp = 64;
    private int maxConnectsPerIp = 1_000;
    private int maxSuspendedPerUser = 64;
    private int handshakesPerSecond = 10_000;
    private int handshakesPerSecondPerIp = 500;
    private int maxPayload = 1_000_000;
    private int maxAttachments = EventData.MAX_ATTACHMENTS;
    private int maxNamespaces = 16;
    private int maxPatternNamespaces = 10_000;
    private int maxRooms = 256;
    private int maxDepth = 32;
    private int maxEventSize = 1 << 20;
    private int maxPendingEvents = 1_024;
    private RateLimit unknownEvents = RateLimit.perMinute(300);
    private RateLimit refreshes = RateLimit.perMinute(30);
    private int logLines = BoundedLog.DEFAULT_LINES;
    private long maxInboundBytes = quarterOfTheHeap();
    private int maxConnectPayload = 32_768;
    private int maxPendingBytes = 1 << 20;
    private int connectsPerMinute = 120;
    private int connectsPerMinutePerIp = 6_000;
    private int resumesPerMinute = 60;
    private int resumesPerMinutePerIp = 6_000;
    private int resumesAtOnce = 64;
    private int recordsPerSecond = 20;
    private int replaysOfOneEvent = 10;
    private Duration connectTimeout = Duration.ofSeconds(45);
    private Duration upgradeTimeout = Duration.ofSeconds(10);
    private Duration authenticationTimeout = Duration.ofSeconds(15);
    private Duration handlerTimeout = Duration.ofMinutes(1);
    private Duration emitTimeout = Duration.ofSeconds(10);

    private Limits() {}

    private Limits with(Consumer<Limits> change) {
        try {
            Limits copy = (Limits) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Duration time(String option, Duration value) {
        return Range.between(SHORTEST, LONGEST, "Limits." + option, value);
    }

    /** Connections on this node; default 100,000. */
    public int maxConnections() {
        return maxConnections;
    }

    /** @see #maxConnections() */
    public Limits maxConnections(int value) {
        return with(limits -> limits.maxConnections = Range.atLeast(1, "Limits.maxConnections", value));
    }

    /** Connections from one address (many players share one); default 1,000. */
    public int maxConnectionsPerIp() {
        return maxConnectionsPerIp;
    }

    /** @see #maxConnectionsPerIp() */
    public Limits maxConnectionsPerIp(int value) {
        return with(limits -> limits.maxConnectionsPerIp = Range.atLeast(1, "Limits.maxConnectionsPerIp", value));
    }

    /** Connected sessions of one user in one namespace on this node; default 16. */
    public int maxConnectionsPerUser() {
        return maxConnectionsPerUser;
    }

    /** @see #maxConnectionsPerUser() */
    public Limits maxConnectionsPerUser(int value) {
        return with(limits -> limits.maxConnectionsPerUser = Range.atLeast(1, "Limits.maxConnectionsPerUser", value));
    }

    /**
     * Sessions from one address that wait for their client at a time; default 2,000. One more ends with its connection. All together may be as many
     * as {@link #maxConnections()}.
     */
    public int maxSuspendedPerIp() {
        return maxSuspendedPerIp;
    }

    /** @see #maxSuspendedPerIp() */
    public Limits maxSuspendedPerIp(int value) {
        return with(limits -> limits.maxSuspendedPerIp = Range.atLeast(1, "Limits.maxSuspendedPerIp", value));
    }

    /**
     * Handlers, listeners and authenticators that run at once for the clients of one address (an IPv6 /64), also on virtual threads; default 64, a quarter
     * of {@link RealtimeBuilder#handlerThreads}. Further ones wait in a line of that address, where others pass them by. As many again may run of
     * what the application has made depend on answers of these clients. A handler that comes to an end within a few milliseconds serves thousands of
     * events a second for one address with this; raise it where many players share an address and handlers block for long.
     */
    public int maxHandlersPerIp() {
        return maxHandlersPerIp;
    }

    /** @see #maxHandlersPerIp() */
    public Limits maxHandlersPerIp(int value) {
        return with(limits -> limits.maxHandlersPerIp = Range.atLeast(1, "Limits.maxHandlersPerIp", value));
    }

    /**
     * CONNECTs from one address that are judged or wait for it, at a time; default 1,000. They may also cost no more than an eighth of {@link
     * #maxInboundBytes()}. One more is refused with {@link ErrorCode#TOO_MANY_CONNECTIONS}.
     */
    public int maxConnectsPerIp() {
        return maxConnectsPerIp;
    }

    /** @see #maxConnectsPerIp() */
    public Limits maxConnectsPerIp(int value) {
        return with(limits -> limits.maxConnectsPerIp = Range.atLeast(1, "Limits.maxConnectsPerIp", value));
    }

    /** Sessions of one user that wait for their client at a time on this node; default 64. One more ends with its connection. */
    public int maxSuspendedPerUser() {
        return maxSuspendedPerUser;
    }

    /** @see #maxSuspendedPerUser() */
    public Limits maxSuspendedPerUser(int value) {
        return with(limits -> limits.maxSuspendedPerUser = Range.atLeast(1, "Limits.maxSuspendedPerUser", value));
    }

    /** New connections per second on this node; default 10,000. */
    public int handshakesPerSecond() {
        return handshakesPerSecond;
    }

    /** @see #handshakesPerSecond() */
    public Limits handshakesPerSecond(int value) {
        return with(limits -> limits.handshakesPerSecond = Range.atLeast(1, "Limits.handshakesPerSecond", value));
    }

    /**
     * New connections per second from one address (many players share one), half of them at once; default 500. What is refused for this does not
     * count as one of {@link #handshakesPerSecond()}. As many again may try to upgrade. An IPv6 client counts by its /64, here and wherever else addresses are counted.
     */
    public int handshakesPerSecondPerIp() {
        return handshakesPerSecondPerIp;
    }

    /** @see #handshakesPerSecondPerIp() */
    public Limits handshakesPerSecondPerIp(int value) {
        return with(
                limits -> limits.handshakesPerSecondPerIp = Range.atLeast(1, "Limits.handshakesPerSecondPerIp", value));
    }

    /** Bytes of one WebSocket message or one HTTP body; default 1,000,000 as upstream. */
    public int maxPayload() {
        return maxPayload;
    }

    /** @see #maxPayload() */
    public Limits maxPayload(int value) {
        return with(limits -> limits.maxPayload = Range.atLeast(1, "Limits.maxPayload", value));
    }

    /** Binary attachments of one packet, 10 at most, which is the default: official clients refuse an event with more. */
    public int maxAttachments() {
        return maxAttachments;
    }

    /** @see #maxAttachments() */
    public Limits maxAttachments(int value) {
        return with(limits ->
                limits.maxAttachments = Range.between(0, EventData.MAX_ATTACHMENTS, "Limits.maxAttachments", value));
    }

    /** Namespaces of one connection; default 16. */
    public int maxNamespaces() {
        return maxNamespaces;
    }

    /** @see #maxNamespaces() */
    public Limits maxNamespaces(int value) {
        return with(limits -> limits.maxNamespaces = Range.atLeast(1, "Limits.maxNamespaces", value));
    }

    /**
     * Namespaces of patterns that are open at a time on this node; default 10,000. A client that asks for one more is refused with {@link
     * ErrorCode#NAMESPACES_FULL}, and earlier if a tenth of them, though at least sixteen, are there for its address alone.
     */
    public int maxPatternNamespaces() {
        return maxPatternNamespaces;
    }

    /** @see #maxPatternNamespaces() */
    public Limits maxPatternNamespaces(int value) {
        return with(limits -> limits.maxPatternNamespaces = Range.atLeast(1, "Limits.maxPatternNamespaces", value));
    }

    /** Rooms of one session, its user's own not counted; default 256. */
    public int maxRooms() {
        return maxRooms;
    }

    /** @see #maxRooms() */
    public Limits maxRooms(int value) {
        return with(limits -> limits.maxRooms = Range.atLeast(0, "Limits.maxRooms", value));
    }

    /** Nested arrays and objects in a payload, the arguments themselves included; between 1 and 64, default 32. */
    public int maxDepth() {
        return maxDepth;
    }

    /** @see #maxDepth() */
    public Limits maxDepth(int value) {
        return with(limits -> limits.maxDepth = Range.between(1, 64, "Limits.maxDepth", value));
    }

    /**
     * Bytes of one event or answer that the application sends, encoded, its attachments included; default 1 MiB, as much as may wait for one
     * connection ({@link OutboxLimits#maxBytes()}). A larger one is not sent: the emit fails, and a client that waits for the answer is told.
     */
    public int maxEventSize() {
        return maxEventSize;
    }

    /** @see #maxEventSize() */
    public Limits maxEventSize(int value) {
        return with(limits -> limits.maxEventSize = Range.atLeast(1_024, "Limits.maxEventSize", value));
    }

    /**
     * Events received and not yet handled, and answers that cannot leave yet, per session; default 1,024. With so many the connection is not
     * read until half of them are gone, and while the answers alone are as many, nothing is handled. Also how many questions to one client may
     * be open.
     */
    public int maxPendingEvents() {
        return maxPendingEvents;
    }

    /** @see #maxPendingEvents() */
    public Limits maxPendingEvents(int value) {
        return with(limits -> limits.maxPendingEvents = Range.atLeast(1, "Limits.maxPendingEvents", value));
    }

    /**
     * Events that nobody handles, neither a contract nor {@link NamespaceSetup#onUnknown}, from one user (from one address, if anonymous); default 300
     * per minute, 60 at once. Beyond it they are answered with {@link ErrorCode#RATE_LIMITED} in place of {@link ErrorCode#UNKNOWN_EVENT}, and neither
     * logged nor counted as unknown. What {@code onUnknown} handles has no rate but that which it applies itself.
     */
    public RateLimit unknownEvents() {
        return unknownEvents;
    }

    /** @see #unknownEvents() */
    public Limits unknownEvents(RateLimit value) {
        return with(limits -> limits.unknownEvents = Objects.requireNonNull(value, "unknownEvents"));
    }

    /**
     * Renewals of one user's credentials ({@link RealtimeBuilder#refreshEvent}), each of which asks the authenticator; default 30 per minute, 6 at once.
     * Beyond it they are answered with {@link ErrorCode#RATE_LIMITED}.
     */
    public RateLimit refreshes() {
        return refreshes;
    }

    /** @see #refreshes() */
    public Limits refreshes(RateLimit value) {
        return with(limits -> limits.refreshes = Objects.requireNonNull(value, "refreshes"));
    }

    /**
     * Lines of one kind that one client may cause in the log in ten seconds, and a twentieth of what all clients together may; default 5.
     * What goes beyond is counted, in {@code log.lines.omitted} and in the next line of that kind.
     */
    public int logLines() {
        return logLines;
    }

    /** @see #logLines() */
    public Limits logLines(int value) {
        return with(limits -> limits.logLines = Range.atLeast(1, "Limits.logLines", value));
    }

    /**
     * Bytes of all clients together that this node holds before they have been handled: messages and request bodies that are not complete,
     * CONNECTs that wait for an authenticator, events that wait for a handler. Default: a quarter of the largest heap that the JVM may
     * have, between 16 MiB and 1 GiB. Beyond it nothing large is taken in: who waits is not read, what is only arriving is refused. Half of
     * it is for events, a quarter for what arrives, an eighth each for CONNECTs and for the requests that opened connections; of all but the
     * first one address gets a quarter. Beside these, answers that clients have asked for and do not take may hold a quarter as much, one address
     * a quarter of that; whose answer finds no room is disconnected.
     */
    public long maxInboundBytes() {
        return maxInboundBytes;
    }

    /**
     * @param value at least 1 MiB, and eight times {@link #maxPayload()}
     * @see #maxInboundBytes()
     */
    public Limits maxInboundBytes(long value) {
        return with(limits -> limits.maxInboundBytes = Range.atLeast(1L << 20, "Limits.maxInboundBytes", value));
    }

    /**
     * Bytes of a message or a polling body until a connection has its first session, and of the payload of a CONNECT at any time; default
     * 32,768. Raise it when clients show credentials that are larger.
     */
    public int maxConnectPayload() {
        return maxConnectPayload;
    }

    /** @see #maxConnectPayload() */
    public Limits maxConnectPayload(int value) {
        return with(limits -> limits.maxConnectPayload = Range.atLeast(256, "Limits.maxConnectPayload", value));
    }

    /**
     * Bytes of events received and not yet handled, and of answers that cannot leave yet, per session; default 1,048,576. Each event counts two
     * bytes a character and 256 for itself. With so many the connection is not read until half of them are gone, and while the answers alone are
     * as many, nothing is handled; one event always finds room. Where a transport cannot stop
     * reading (WebSockets in servlet containers) eight times as many end the session with {@link DisconnectReason#FLOOD}.
     */
    public int maxPendingBytes() {
        return maxPendingBytes;
    }

    /** @see #maxPendingBytes() */
    public Limits maxPendingBytes(int value) {
        return with(limits -> limits.maxPendingBytes = Range.atLeast(1_024, "Limits.maxPendingBytes", value));
    }

    private static long quarterOfTheHeap() {
        return Math.max(16L << 20, Math.min(1L << 30, Runtime.getRuntime().maxMemory() / 4));
    }

    /**
     * How often a client may CONNECT to namespaces over one connection, per minute, behind twice as many as {@link #maxNamespaces()} (at least 16)
     * that come at once; default 120. One more waits for its time, and the connection is not read until then: a client that connects
     * to all its namespaces, or calls {@code disconnect()} and {@code connect()}, notices nothing.
     */
    public int connectsPerMinute() {
        return connectsPerMinute;
    }

    /** @see #connectsPerMinute() */
    public Limits connectsPerMinute(int value) {
        return with(limits -> limits.connectsPerMinute = Range.atLeast(1, "Limits.connectsPerMinute", value));
    }

    /**
     * How many sessions clients of one address may begin, per minute and node, a fifth of them at once (many players share an address); default
     * 6,000. Beyond it the connection is closed with {@link DisconnectReason#CONNECT_POSTPONED}, and the client comes back by itself. Who asks
     * for a session that it had counts by {@link #resumesPerMinutePerIp()} alone.
     */
    public int connectsPerMinutePerIp() {
        return connectsPerMinutePerIp;
    }

    /** @see #connectsPerMinutePerIp() */
    public Limits connectsPerMinutePerIp(int value) {
        return with(limits -> limits.connectsPerMinutePerIp = Range.atLeast(5, "Limits.connectsPerMinutePerIp", value));
    }

    /**
     * How often one session may be asked for by a client that comes back, per minute and node, ten of them at once; default 60. Beyond it the
     * connection is closed and the next attempt asks again: the session loses nothing.
     */
    public int resumesPerMinute() {
        return resumesPerMinute;
    }

    /** @see #resumesPerMinute() */
    public Limits resumesPerMinute(int value) {
        return with(limits -> limits.resumesPerMinute = Range.atLeast(1, "Limits.resumesPerMinute", value));
    }

    /**
     * How many sessions of one address may be asked for by clients that come back, per minute and node, a fifth of them at once (many players
     * share an address, and all of them come back when a node stops); default 6,000. Beyond it as with {@link #resumesPerMinute()}.
     */
    public int resumesPerMinutePerIp() {
        return resumesPerMinutePerIp;
    }

    /** @see #resumesPerMinutePerIp() */
    public Limits resumesPerMinutePerIp(int value) {
        return with(limits -> limits.resumesPerMinutePerIp = Range.atLeast(5, "Limits.resumesPerMinutePerIp", value));
    }

    /**
     * How many resumes a node works on at once, until the client is told that it has its session back; the others wait in the order in which
     * they came. Default 64.
     */
    public int resumesAtOnce() {
        return resumesAtOnce;
    }

    /** @see #resumesAtOnce() */
    public Limits resumesAtOnce(int value) {
        return with(limits -> limits.resumesAtOnce = Range.atLeast(1, "Limits.resumesAtOnce", value));
    }

    /**
     * How often in a second the record of one session is written, once ten times as many have been written at once. What changes in between (rooms, recorded
     * attributes) is written together, and the answers to the requests that changed it wait for that. Default 20.
     */
    public int recordsPerSecond() {
        return recordsPerSecond;
    }

    /** @see #recordsPerSecond() */
    public Limits recordsPerSecond(int value) {
        return with(limits -> limits.recordsPerSecond = Range.atLeast(1, "Limits.recordsPerSecond", value));
    }

    /**
     * How often in a row a replay may begin with the same event, on one node, because the client lost its connection and came back without
     * having it; then the client gets a fresh session with {@link FreshReason#EVENT_NOT_TAKEN}. Default 10.
     */
    public int replaysOfOneEvent() {
        return replaysOfOneEvent;
    }

    /** @see #replaysOfOneEvent() */
    public Limits replaysOfOneEvent(int value) {
        return with(limits -> limits.replaysOfOneEvent = Range.atLeast(1, "Limits.replaysOfOneEvent", value));
    }

    /**
     * For the first session after the handshake; default 45 s as upstream. A CONNECT that is being judged then has {@link #authenticationTimeout} more.
     */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /** @see #connectTimeout() */
    public Limits connectTimeout(Duration value) {
        Objects.requireNonNull(value, "connectTimeout");
        return with(limits -> limits.connectTimeout = time("connectTimeout", value));
    }

    /** For a probing WebSocket to complete the upgrade; default 10 s as upstream. */
    public Duration upgradeTimeout() {
        return upgradeTimeout;
    }

    /** @see #upgradeTimeout() */
    public Limits upgradeTimeout(Duration value) {
        Objects.requireNonNull(value, "upgradeTimeout");
        return with(limits -> limits.upgradeTimeout = time("upgradeTimeout", value));
    }

    /** For authenticator and connect interceptors together; default 15 s. */
    public Duration authenticationTimeout() {
        return authenticationTimeout;
    }

    /** @see #authenticationTimeout() */
    public Limits authenticationTimeout(Duration value) {
        Objects.requireNonNull(value, "authenticationTimeout");
        return with(limits -> limits.authenticationTimeout = time("authenticationTimeout", value));
    }

    /**
     * For the stage of an asynchronous handler ({@link NamespaceSetup#onAsync}) to complete; default 1 min. Then the client gets
     * {@link ErrorCode#TIMEOUT}, what the stage brings later is ignored, and the session's next event is handled.
     */
    public Duration handlerTimeout() {
        return handlerTimeout;
    }

    /** @see #handlerTimeout() */
    public Limits handlerTimeout(Duration value) {
        Objects.requireNonNull(value, "handlerTimeout");
        return with(limits -> limits.handlerTimeout = time("handlerTimeout", value));
    }

    /**
     * How long an acknowledgement, a question or a disconnect waits at most for the place of what was emitted before it; default 10 s. Then it goes
     * ahead of it. Only a backend that does not answer makes it wait for more than a moment.
     */
    public Duration emitTimeout() {
        return emitTimeout;
    }

    /** @see #emitTimeout() */
    public Limits emitTimeout(Duration value) {
        Objects.requireNonNull(value, "emitTimeout");
        return with(limits -> limits.emitTimeout = time("emitTimeout", value));
    }
}
