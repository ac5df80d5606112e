package dev.realtime.limits;

import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.FreshReason;
import dev.realtime.NamespaceSetup;
import dev.realtime.RealtimeBuilder;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.EventData;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * What clients may ask of a server. Immutable: start from {@link #DEFAULT} and change single values, as in
 * {@code Limits.DEFAULT.maxPayload(64_000)}. A value that makes no sense is refused with an {@link IllegalArgumentException} that names it.
 */
public final class Limits {
    public static final Limits DEFAULT = new Limits();

    private int maxConnections;
    private int maxConnectionsPerIp;
    private int maxConnectionsPerUser;
    private int maxSuspendedPerIp;
    private int maxHandlersPerIp;
    private int maxConnectsPerIp;
    private int maxSuspendedPerUser;
    private int handshakesPerSecond;
    private int handshakesPerSecondPerIp;
    private int maxPayload;
    private int maxAttachments;
    private int maxNamespaces;
    private int maxPatternNamespaces;
    private int maxRooms;
    private int maxDepth;
    private int maxEventSize;
    private int maxPendingEvents;
    private RateLimit unknownEvents;
    private RateLimit refreshes;
    private int logLines;
    private long maxInboundBytes;
    private int maxConnectPayload;
    private int maxPendingBytes;
    private int connectsPerMinute;
    private int connectsPerMinutePerIp;
    private int resumesPerMinute;
    private int resumesPerMinutePerIp;
    private int resumesAtOnce;
    private int recordsPerSecond;
    private int replaysOfOneEvent;
    private Duration connectTimeout;
    private Duration upgradeTimeout;
    private Duration authenticationTimeout;
    private Duration handlerTimeout;
    private Duration emitTimeout;

    private Limits() {
        maxConnections = 100_000;
        maxConnectionsPerIp = 1_000;
        maxConnectionsPerUser = 16;
        maxSuspendedPerIp = 2_000;
        maxHandlersPerIp = 64;
        maxConnectsPerIp = 1_000;
        maxSuspendedPerUser = 64;
        handshakesPerSecond = 10_000;
        handshakesPerSecondPerIp = 500;
        maxPayload = 1_000_000;
        maxAttachments = EventData.MAX_ATTACHMENTS;
        maxNamespaces = 16;
        maxPatternNamespaces = 10_000;
        maxRooms = 256;
        maxDepth = 32;
        maxEventSize = 1 << 20;
        maxPendingEvents = 1_024;
        unknownEvents = RateLimit.perMinute(300);
        refreshes = RateLimit.perMinute(30);
        logLines = BoundedLog.DEFAULT_LINES;
        maxInboundBytes = quarterOfTheHeap();
        maxConnectPayload = 32_768;
        maxPendingBytes = 1 << 20;
        connectsPerMinute = 120;
        connectsPerMinutePerIp = 6_000;
        resumesPerMinute = 60;
        resumesPerMinutePerIp = 6_000;
        resumesAtOnce = 64;
        recordsPerSecond = 20;
        replaysOfOneEvent = 10;
        connectTimeout = Duration.ofSeconds(45);
        upgradeTimeout = Duration.ofSeconds(10);
        authenticationTimeout = Duration.ofSeconds(15);
        handlerTimeout = Duration.ofMinutes(1);
        emitTimeout = Duration.ofSeconds(10);
    }

    private Limits(Limits other) {
        maxConnections = other.maxConnections;
        maxConnectionsPerIp = other.maxConnectionsPerIp;
        maxConnectionsPerUser = other.maxConnectionsPerUser;
        maxSuspendedPerIp = other.maxSuspendedPerIp;
        maxHandlersPerIp = other.maxHandlersPerIp;
        maxConnectsPerIp = other.maxConnectsPerIp;
        maxSuspendedPerUser = other.maxSuspendedPerUser;
        handshakesPerSecond = other.handshakesPerSecond;
        handshakesPerSecondPerIp = other.handshakesPerSecondPerIp;
        maxPayload = other.maxPayload;
        maxAttachments = other.maxAttachments;
        maxNamespaces = other.maxNamespaces;
        maxPatternNamespaces = other.maxPatternNamespaces;
        maxRooms = other.maxRooms;
        maxDepth = other.maxDepth;
        maxEventSize = other.maxEventSize;
        maxPendingEvents = other.maxPendingEvents;
        unknownEvents = other.unknownEvents;
        refreshes = other.refreshes;
        logLines = other.logLines;
        maxInboundBytes = other.maxInboundBytes;
        maxConnectPayload = other.maxConnectPayload;
        maxPendingBytes = other.maxPendingBytes;
        connectsPerMinute = other.connectsPerMinute;
        connectsPerMinutePerIp = other.connectsPerMinutePerIp;
        resumesPerMinute = other.resumesPerMinute;
        resumesPerMinutePerIp = other.resumesPerMinutePerIp;
        resumesAtOnce = other.resumesAtOnce;
        recordsPerSecond = other.recordsPerSecond;
        replaysOfOneEvent = other.replaysOfOneEvent;
        connectTimeout = other.connectTimeout;
        upgradeTimeout = other.upgradeTimeout;
        authenticationTimeout = other.authenticationTimeout;
        handlerTimeout = other.handlerTimeout;
        emitTimeout = other.emitTimeout;
    }

    private Limits with(Consumer<Limits> change) {
        Limits copy = new Limits(this);
        change.accept(copy);
        return copy;
    }

    private static int atLeast(int least, String option, int value) {
        if (value < least) {
            throw new IllegalArgumentException(option + " must be at least " + least + ", but is " + value);
        }
        return value;
    }

    private static Duration atLeastTenMillis(String option, Duration value) {
        if (value.toMillis() < 10) {
            throw new IllegalArgumentException(option + " must be at least 10 ms, but is " + value);
        }
        return value;
    }

    /** Connections on this node; default 100,000. */
    public int maxConnections() {
        return maxConnections;
    }

    /** @see #maxConnections() */
    public Limits maxConnections(int value) {
        return with(limits -> limits.maxConnections = atLeast(1, "maxConnections", value));
    }

    /** Connections from one address (many players share one); default 1,000. */
    public int maxConnectionsPerIp() {
        return maxConnectionsPerIp;
    }

    /** @see #maxConnectionsPerIp() */
    public Limits maxConnectionsPerIp(int value) {
        return with(limits -> limits.maxConnectionsPerIp = atLeast(1, "maxConnectionsPerIp", value));
    }

    /** Connected sessions of one user in one namespace on this node; default 16. */
    public int maxConnectionsPerUser() {
        return maxConnectionsPerUser;
    }

    /** @see #maxConnectionsPerUser() */
    public Limits maxConnectionsPerUser(int value) {
        return with(limits -> limits.maxConnectionsPerUser = atLeast(1, "maxConnectionsPerUser", value));
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
        return with(limits -> limits.maxSuspendedPerIp = atLeast(1, "maxSuspendedPerIp", value));
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
        return with(limits -> limits.maxHandlersPerIp = atLeast(1, "maxHandlersPerIp", value));
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
        return with(limits -> limits.maxConnectsPerIp = atLeast(1, "maxConnectsPerIp", value));
    }

    /** Sessions of one user that wait for their client at a time on this node; default 64. One more ends with its connection. */
    public int maxSuspendedPerUser() {
        return maxSuspendedPerUser;
    }

    /** @see #maxSuspendedPerUser() */
    public Limits maxSuspendedPerUser(int value) {
        return with(limits -> limits.maxSuspendedPerUser = atLeast(1, "maxSuspendedPerUser", value));
    }

    /** New connections per second on this node; default 10,000. */
    public int handshakesPerSecond() {
        return handshakesPerSecond;
    }

    /** @see #handshakesPerSecond() */
    public Limits handshakesPerSecond(int value) {
        return with(limits -> limits.handshakesPerSecond = atLeast(1, "handshakesPerSecond", value));
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
        return with(limits -> limits.handshakesPerSecondPerIp = atLeast(1, "handshakesPerSecondPerIp", value));
    }

    /** Bytes of one WebSocket message or one HTTP body; default 1,000,000 as upstream. */
    public int maxPayload() {
        return maxPayload;
    }

    /** @see #maxPayload() */
    public Limits maxPayload(int value) {
        return with(limits -> limits.maxPayload = atLeast(1, "maxPayload", value));
    }

    /** Binary attachments of one packet, 10 at most, which is the default: official clients refuse an event with more. */
    public int maxAttachments() {
        return maxAttachments;
    }

    /** @see #maxAttachments() */
    public Limits maxAttachments(int value) {
        if (value < 0 || value > EventData.MAX_ATTACHMENTS) {
            throw new IllegalArgumentException("maxAttachments must be between 0 and " + EventData.MAX_ATTACHMENTS
                    + ", which is the most that clients take, but is " + value);
        }
        return with(limits -> limits.maxAttachments = value);
    }

    /** Namespaces of one connection; default 16. */
    public int maxNamespaces() {
        return maxNamespaces;
    }

    /** @see #maxNamespaces() */
    public Limits maxNamespaces(int value) {
        return with(limits -> limits.maxNamespaces = atLeast(1, "maxNamespaces", value));
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
        return with(limits -> limits.maxPatternNamespaces = atLeast(1, "maxPatternNamespaces", value));
    }

    /** Rooms of one session, its user's own not counted; default 256. */
    public int maxRooms() {
        return maxRooms;
    }

    /** @see #maxRooms() */
    public Limits maxRooms(int value) {
        return with(limits -> limits.maxRooms = atLeast(0, "maxRooms", value));
    }

    /** Nested arrays and objects in a payload, the arguments themselves included; between 1 and 64, default 32. */
    public int maxDepth() {
        return maxDepth;
    }

    /** @see #maxDepth() */
    public Limits maxDepth(int value) {
        if (value < 1 || value > 64) {
            throw new IllegalArgumentException(
                    "maxDepth must be between 1 and 64, which is as deep as clients read, but is " + value);
        }
        return with(limits -> limits.maxDepth = value);
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
        return with(limits -> limits.maxEventSize = atLeast(1_024, "maxEventSize", value));
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
        return with(limits -> limits.maxPendingEvents = atLeast(1, "maxPendingEvents", value));
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
        return with(limits -> limits.logLines = atLeast(1, "logLines", value));
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
        if (value < 1 << 20) {
            throw new IllegalArgumentException("maxInboundBytes must be at least 1048576, but is " + value);
        }
        return with(limits -> limits.maxInboundBytes = value);
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
        return with(limits -> limits.maxConnectPayload = atLeast(256, "maxConnectPayload", value));
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
        return with(limits -> limits.maxPendingBytes = atLeast(1_024, "maxPendingBytes", value));
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
        return with(limits -> limits.connectsPerMinute = atLeast(1, "connectsPerMinute", value));
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
        return with(limits -> limits.connectsPerMinutePerIp = atLeast(5, "connectsPerMinutePerIp", value));
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
        return with(limits -> limits.resumesPerMinute = atLeast(1, "resumesPerMinute", value));
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
        return with(limits -> limits.resumesPerMinutePerIp = atLeast(5, "resumesPerMinutePerIp", value));
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
        return with(limits -> limits.resumesAtOnce = atLeast(1, "resumesAtOnce", value));
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
        return with(limits -> limits.recordsPerSecond = atLeast(1, "recordsPerSecond", value));
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
        return with(limits -> limits.replaysOfOneEvent = atLeast(1, "replaysOfOneEvent", value));
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
        return with(limits -> limits.connectTimeout = atLeastTenMillis("connectTimeout", value));
    }

    /** For a probing WebSocket to complete the upgrade; default 10 s as upstream. */
    public Duration upgradeTimeout() {
        return upgradeTimeout;
    }

    /** @see #upgradeTimeout() */
    public Limits upgradeTimeout(Duration value) {
        Objects.requireNonNull(value, "upgradeTimeout");
        return with(limits -> limits.upgradeTimeout = atLeastTenMillis("upgradeTimeout", value));
    }

    /** For authenticator and connect interceptors together; default 15 s. */
    public Duration authenticationTimeout() {
        return authenticationTimeout;
    }

    /** @see #authenticationTimeout() */
    public Limits authenticationTimeout(Duration value) {
        Objects.requireNonNull(value, "authenticationTimeout");
        return with(limits -> limits.authenticationTimeout = atLeastTenMillis("authenticationTimeout", value));
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
        return with(limits -> limits.handlerTimeout = atLeastTenMillis("handlerTimeout", value));
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
        return with(limits -> limits.emitTimeout = atLeastTenMillis("emitTimeout", value));
    }
}
