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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of what clients may ask of a server, so that none of them costs it more than it can afford. The defaults suit a public
 * game on one node; what each of them is there for is in {@code docs/security.md}. Immutable: start from {@link #DEFAULT} and change single
 * values.
 *
 * <pre>{@code
 * Limits limits = Limits.DEFAULT.maxPayload(64_000).maxRooms(32);
 * RealtimeBuilder builder = Realtime.builder().limits(limits);
 * }</pre>
 *
 * <p>Each option has a getter, and a method of the same name that returns a copy with another value. A value out of range is refused with an {@link
 * IllegalArgumentException} that names the option, the value and the range; {@link RealtimeBuilder#build()} checks those that depend on one another.
 * Times are between 10 ms and one day.
 *
 * <p>An address is that of a client, and of an IPv6 client its /64. Many players may share one, as in a school or behind a mobile carrier,
 * so what is counted per address has a far higher bound than what is counted per user. All of them count on this node alone.
 */
public final class Limits implements Cloneable {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofDays(1);

    /** Each limit at the default that its method tells. */
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
    private RateLimit unknownEvents = RateLimit.perMinute(300).burst(60);
    private RateLimit refreshes = RateLimit.perMinute(30).burst(6);
    private RateLimit authentications = RateLimit.perMinute(1_200).burst(1_000);
    private RateLimit failedAuthentications = RateLimit.perMinute(20).perHour(200);
    private RateLimit unexpectedAcks = RateLimit.perMinute(300);
    private int eventsPerSecond = Integer.MAX_VALUE;
    private @Nullable String exemptWith;
    private long maxRateBytes = part(32, 4L << 20, 256L << 20);
    private int logLines = BoundedLog.DEFAULT_LINES;
    private long maxInboundBytes = part(4, 16L << 20, 1L << 30);
    private long maxOutboundBytes = part(8, 16L << 20, 1L << 30);
    private int maxConnectPayload = 32_768;
    private int maxPendingBytes = 1 << 20;
    private int latePacketsPerMinute = 1_200;
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

    private static RateLimit rate(String option, RateLimit value) {
        Objects.requireNonNull(value, option);
        Range.check(value.category().isEmpty(), "Limits." + option, "without a category, which is for events", value);
        return value;
    }

    private static Duration time(String option, Duration value) {
        return Range.between(SHORTEST, LONGEST, "Limits." + option, value);
    }

    /** Returns the most connections on this node; default 100,000. */
    public int maxConnections() {
        return maxConnections;
    }

    /**
     * Sets {@link #maxConnections()}.
     *
     * @param value at least 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits maxConnections(int value) {
        return with(limits -> limits.maxConnections = Range.atLeast(1, "Limits.maxConnections", value));
    }

    /** Returns the most connections from one address (many players share one); default 1,000. */
    public int maxConnectionsPerIp() {
        return maxConnectionsPerIp;
    }

    /**
     * Sets {@link #maxConnectionsPerIp()}.
     *
     * @param value at least 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits maxConnectionsPerIp(int value) {
        return with(limits -> limits.maxConnectionsPerIp = Range.atLeast(1, "Limits.maxConnectionsPerIp", value));
    }

    /** Returns the most connected sessions of one user in one namespace on this node; default 16. */
    public int maxConnectionsPerUser() {
        return maxConnectionsPerUser;
    }

    /**
     * Sets {@link #maxConnectionsPerUser()}.
     *
     * @param value at least 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits maxConnectionsPerUser(int value) {
        return with(limits -> limits.maxConnectionsPerUser = Range.atLeast(1, "Limits.maxConnectionsPerUser", value));
    }

    /**
     * Returns the most sessions from one address that wait for their client at a time; default 2,000. One more ends with its connection. All together may be as many
     * as {@link #maxConnections()}.
     */
    public int maxSuspendedPerIp() {
        return maxSuspendedPerIp;
    }

    /**
     * Sets {@link #maxSuspendedPerIp()}.
     *
     * @param value at least 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits maxSuspendedPerIp(int value) {
        return with(limits -> limits.maxSuspendedPerIp = Range.atLeast(1, "Limits.maxSuspendedPerIp", value));
    }

    /**
     * Returns the most handlers, listeners and authenticators that run at once for the clients of one address (an IPv6 /64), also on virtual threads; default 64, a quarter
     * of {@link RealtimeBuilder#handlerThreads}. Further ones wait in a line of that address, where others pass them by. As many again may run of
     * what the application has made depend on answers of these clients. A handler that comes to an end within a few milliseconds serves thousands of
     * events a second for one address with this; raise it where many players share an address and handlers block for long.
     */
    public int maxHandlersPerIp() {
        return maxHandlersPerIp;
    }

    /**
     * Sets {@link #maxHandlersPerIp()}.
     *
     * @param value at least 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits maxHandlersPerIp(int value) {
        return with(limits -> limits.maxHandlersPerIp = Range.atLeast(1, "Limits.maxHandlersPerIp", value));
    }

    /**
     * Returns the most CONNECTs from one address that are judged or wait for it, at a time; default 1,000. They may also cost no more than an eighth of {@link
     * #maxInboundBytes()}. One more is refused with {@link ErrorCode#TOO_MANY_CONNECTIONS}. Requests whose turn with {@code allowRequest} has not come
     * count too; one more gets 429.
     */
    public int maxConnectsPerIp() {
        return maxConnectsPerIp;
    }

    /**
     * Sets {@link #maxConnectsPerIp()}.
     *
     * @param value at least 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits maxConnectsPerIp(int value) {
        return with(limits -> limits.maxConnectsPerIp = Range.atLeast(1, "Limits.maxConnectsPerIp", value));
    }

    /** Returns the most sessions of one user that wait for their client at a time on this node; default 64. One more ends with its connection. */
    public int maxSuspendedPerUser() {
        return maxSuspendedPerUser;
    }

    /**
     * Sets {@link #maxSuspendedPerUser()}.
     *
     * @param value at least 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits maxSuspendedPerUser(int value) {
        return with(limits -> limits.maxSuspendedPerUser = Range.atLeast(1, "Limits.maxSuspendedPerUser", value));
    }

    /** Returns the most new connections per second on this node; default 10,000. */
    public int handshakesPerSecond() {
        return handshakesPerSecond;
    }

    /**
     * Sets {@link #handshakesPerSecond()}.
     *
     * @param value at least 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits handshakesPerSecond(int value) {
        return with(limits -> limits.handshakesPerSecond = Range.atLeast(1, "Limits.handshakesPerSecond", value));
    }

    /**
     * Returns the most new connections per second from one address (many players share one), half of them at once; default 500. What is refused for this does not
     * count as one of {@link #handshakesPerSecond()}. As many again may try to upgrade. An IPv6 client counts by its /64, here and wherever else addresses are counted.
     */
    public int handshakesPerSecondPerIp() {
        return handshakesPerSecondPerIp;
    }

    /**
     * Sets {@link #handshakesPerSecondPerIp()}.
     *
     * @param value at least 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits handshakesPerSecondPerIp(int value) {
        return with(
                limits -> limits.handshakesPerSecondPerIp = Range.atLeast(1, "Limits.handshakesPerSecondPerIp", value));
    }

    /** Returns the most bytes of one WebSocket message or one HTTP body; default 1,000,000 as upstream. */
    public int maxPayload() {
        return maxPayload;
    }

    /**
     * Sets {@link #maxPayload()}.
     *
     * @param value at least 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits maxPayload(int value) {
        return with(limits -> limits.maxPayload = Range.atLeast(1, "Limits.maxPayload", value));
    }

    /** Returns the most binary attachments of one packet, 10 at most, which is the default: official clients refuse an event with more. */
    public int maxAttachments() {
        return maxAttachments;
    }

    /**
     * Sets {@link #maxAttachments()}.
     *
     * @param value between 0 and 10
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits maxAttachments(int value) {
        return with(limits ->
                limits.maxAttachments = Range.between(0, EventData.MAX_ATTACHMENTS, "Limits.maxAttachments", value));
    }

    /** Returns the most namespaces of one connection; default 16. */
    public int maxNamespaces() {
        return maxNamespaces;
    }

    /**
     * Sets {@link #maxNamespaces()}.
     *
     * @param value at least 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits maxNamespaces(int value) {
        return with(limits -> limits.maxNamespaces = Range.atLeast(1, "Limits.maxNamespaces", value));
    }

    /**
     * Returns the most namespaces of patterns that are open at a time on this node; default 10,000. A client that asks for one more is refused with {@link
     * ErrorCode#NAMESPACES_FULL}, and earlier if a tenth of them, though at least sixteen, are there for its address alone.
     */
    public int maxPatternNamespaces() {
        return maxPatternNamespaces;
    }

    /**
     * Sets {@link #maxPatternNamespaces()}.
     *
     * @param value at least 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits maxPatternNamespaces(int value) {
        return with(limits -> limits.maxPatternNamespaces = Range.atLeast(1, "Limits.maxPatternNamespaces", value));
    }

    /** Returns the most rooms of one session, its user's own not counted; default 256. */
    public int maxRooms() {
        return maxRooms;
    }

    /**
     * Sets {@link #maxRooms()}.
     *
     * @param value at least 0
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits maxRooms(int value) {
        return with(limits -> limits.maxRooms = Range.atLeast(0, "Limits.maxRooms", value));
    }

    /** Returns the most nested arrays and objects in a payload, the arguments themselves included; between 1 and 64, default 32. */
    public int maxDepth() {
        return maxDepth;
    }

    /**
     * Sets {@link #maxDepth()}.
     *
     * @param value between 1 and 64
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits maxDepth(int value) {
        return with(limits -> limits.maxDepth = Range.between(1, 64, "Limits.maxDepth", value));
    }

    /**
     * Returns the most bytes of one event or answer that the application sends, encoded, its attachments included; default 1 MiB, as much as may wait for one
     * connection ({@link OutboxLimits#maxBytes()}). A larger one is not sent: the emit fails, and a client that waits for the answer is told.
     */
    public int maxEventSize() {
        return maxEventSize;
    }

    /**
     * Sets {@link #maxEventSize()}.
     *
     * @param value at least 1,024
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits maxEventSize(int value) {
        return with(limits -> limits.maxEventSize = Range.atLeast(1_024, "Limits.maxEventSize", value));
    }

    /**
     * Returns the most events received and not yet handled, and answers that cannot leave yet, per session; default 1,024. With so many the connection is not
     * read until half of them are gone, and while the answers alone are as many, nothing is handled. Also how many questions to one client may
     * be open.
     */
    public int maxPendingEvents() {
        return maxPendingEvents;
    }

    /**
     * Sets {@link #maxPendingEvents()}.
     *
     * @param value at least 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits maxPendingEvents(int value) {
        return with(limits -> limits.maxPendingEvents = Range.atLeast(1, "Limits.maxPendingEvents", value));
    }

    /**
     * Returns the rate of events that nobody handles, neither a contract nor {@link NamespaceSetup#onUnknown}, from one user (from one address, if anonymous); default 300
     * per minute, 60 at once. Beyond it they are answered with {@link ErrorCode#RATE_LIMITED} in place of {@link ErrorCode#UNKNOWN_EVENT}, and neither
     * logged nor counted as unknown. What a user sends while it is restricted counts here too, and beyond it is not answered. What {@code onUnknown} handles has no rate but the {@linkplain NamespaceSetup#limit namespace's}.
     */
    public RateLimit unknownEvents() {
        return unknownEvents;
    }

    /**
     * Sets {@link #unknownEvents()}.
     *
     * @throws IllegalArgumentException if the limit has a category
     */
    public Limits unknownEvents(RateLimit value) {
        return with(limits -> limits.unknownEvents = rate("unknownEvents", value));
    }

    /**
     * Returns the rate of renewals of one user's credentials ({@link RealtimeBuilder#refreshEvent}), each of which asks the authenticator; default 30 per minute, 6 at once.
     * Beyond it they are answered with {@link ErrorCode#RATE_LIMITED}.
     */
    public RateLimit refreshes() {
        return refreshes;
    }

    /**
     * Sets {@link #refreshes()}.
     *
     * @throws IllegalArgumentException if the limit has a category
     */
    public Limits refreshes(RateLimit value) {
        return with(limits -> limits.refreshes = rate("refreshes", value));
    }

    /**
     * Returns how often clients of one address that have shown none yet may show credentials by {@link RealtimeBuilder#authenticateEvent}, whatever comes of it: each time the
     * authenticator is asked, and the interceptors if it believes them; default 1,200 per minute, 1,000 at once: as many as {@link #maxConnectionsPerIp()}, which come together when the node was restarted, and a fifth more. Beyond it they are
     * answered with {@link ErrorCode#RATE_LIMITED}.
     */
    public RateLimit authentications() {
        return authentications;
    }

    /**
     * Sets {@link #authentications()}.
     *
     * @throws IllegalArgumentException if the limit has a category
     */
    public Limits authentications(RateLimit value) {
        return with(limits -> limits.authentications = rate("authentications", value));
    }

    /**
     * Returns how often clients of one address may show credentials by {@link RealtimeBuilder#authenticateEvent} that are refused; default 20 per minute and 200 per
     * hour. Those that are taken do not count. Beyond it further attempts are answered with {@link ErrorCode#RATE_LIMITED}, and the authenticator is not asked.
     */
    public RateLimit failedAuthentications() {
        return failedAuthentications;
    }

    /**
     * Sets {@link #failedAuthentications()}.
     *
     * @throws IllegalArgumentException if the limit has a category
     */
    public Limits failedAuthentications(RateLimit value) {
        return with(limits -> limits.failedAuthentications = rate("failedAuthentications", value));
    }

    /**
     * Returns the rate of acknowledgements from one user (from one address, if anonymous) that answer no question of the server's; default 300 per
     * minute. Those that come too late for their question do not count. Beyond it the session ends with {@link DisconnectReason#FLOOD}.
     */
    public RateLimit unexpectedAcks() {
        return unexpectedAcks;
    }

    /**
     * Sets {@link #unexpectedAcks()}.
     *
     * @throws IllegalArgumentException if the limit has a category
     */
    public Limits unexpectedAcks(RateLimit value) {
        return with(limits -> limits.unexpectedAcks = rate("unexpectedAcks", value));
    }

    /**
     * Returns the most events that this node takes in a second, of all clients together and of all namespaces; by default there is no bound. Beyond it they are answered
     * with {@link ErrorCode#OVERLOADED}, and have counted under the limits of their users. It is no violation ({@link Escalation}).
     */
    public int eventsPerSecond() {
        return eventsPerSecond;
    }

    /**
     * Sets {@link #eventsPerSecond()}.
     *
     * @param value at least 1; {@link Integer#MAX_VALUE} is no bound, and costs nothing
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits eventsPerSecond(int value) {
        return with(limits -> limits.eventsPerSecond = Range.atLeast(1, "Limits.eventsPerSecond", value));
    }

    /**
     * Returns the permission of users to whom the limits of events, categories and namespaces do not apply, and no {@link Escalation}. Empty by default: they apply to
     * everybody. What guards the node is for all: {@link #unknownEvents()}, {@link #refreshes()}, {@link #unexpectedAcks()}, {@link #eventsPerSecond()}, and all
     * limits of connections.
     */
    public Optional<String> exemptWith() {
        return Optional.ofNullable(exemptWith);
    }

    /**
     * Sets {@link #exemptWith()}.
     *
     * @param permission such as {@code limits.exempt}
     * @throws IllegalArgumentException if it is empty
     */
    public Limits exemptWith(String permission) {
        Objects.requireNonNull(permission, "exemptWith");
        Range.check(!permission.isEmpty(), "Limits.exemptWith", "the name of a permission", "empty");
        return with(limits -> limits.exemptWith = permission);
    }

    /**
     * Returns the most bytes, about, in which this node remembers who has sent how much: 200 for a user in a namespace, 100 for each limit that the user has met,
     * and four for each event that still counts in a window. Default: a 32nd of the largest heap that the JVM may have, between 4 and 256 MiB. Beyond it
     * those who have tried nothing for the longest time are forgotten, and begin anew; counted as {@code rates.forgotten}.
     */
    public long maxRateBytes() {
        return maxRateBytes;
    }

    /**
     * Sets {@link #maxRateBytes()}.
     *
     * @param value at least 65,536
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits maxRateBytes(long value) {
        return with(limits -> limits.maxRateBytes = Range.atLeast(1L << 16, "Limits.maxRateBytes", value));
    }

    /**
     * Returns the most lines of one kind that one client may cause in the log in ten seconds, and a twentieth of what all clients together may; default 5.
     * What goes beyond is counted, in {@code log.lines.omitted} and in the next line of that kind.
     */
    public int logLines() {
        return logLines;
    }

    /**
     * Sets {@link #logLines()}.
     *
     * @param value at least 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits logLines(int value) {
        return with(limits -> limits.logLines = Range.atLeast(1, "Limits.logLines", value));
    }

    /**
     * Returns the most bytes of all clients together that this node holds before they have been handled: messages and request bodies that are not complete,
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
     * Sets {@link #maxInboundBytes()}.
     *
     * @param value at least 1 MiB, and eight times {@link #maxPayload()}
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits maxInboundBytes(long value) {
        return with(limits -> limits.maxInboundBytes = Range.atLeast(1L << 20, "Limits.maxInboundBytes", value));
    }

    /**
     * Returns the most bytes that this node holds for clients that are behind, which have not taken a write for 50 ms: each event once, however many of them it waits for,
     * and 16 bytes besides for each that waits in an {@linkplain OutboxLimits outbox}, 96 if it can be replaced by a later one. Default: an eighth of the largest
     * heap that the JVM may have, between 16 MiB and 1 GiB. When seven eighths of it are in use, those who hold most lose their volatile events, and then,
     * if that is not enough, are disconnected with {@link DisconnectReason#SLOW_CONSUMER} until a quarter is free; counted as {@code outbound.dropped} and
     * {@code outbound.disconnected}. Their sessions stay recoverable. Answers, and events for one client alone, count with {@link #maxInboundBytes()}.
     */
    public long maxOutboundBytes() {
        return maxOutboundBytes;
    }

    /**
     * Sets {@link #maxOutboundBytes()}.
     *
     * @param value at least 1 MiB
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits maxOutboundBytes(long value) {
        return with(limits -> limits.maxOutboundBytes = Range.atLeast(1L << 20, "Limits.maxOutboundBytes", value));
    }

    /**
     * Returns the most bytes of a message or a polling body until a connection has its first session, and of the payload of a CONNECT at any time; default
     * 32,768. Raise it when clients show credentials that are larger.
     */
    public int maxConnectPayload() {
        return maxConnectPayload;
    }

    /**
     * Sets {@link #maxConnectPayload()}.
     *
     * @param value at least 256
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits maxConnectPayload(int value) {
        return with(limits -> limits.maxConnectPayload = Range.atLeast(256, "Limits.maxConnectPayload", value));
    }

    /**
     * Returns the most bytes of events received and not yet handled, and of answers that cannot leave yet, per session; default 1,048,576. Each event counts two
     * bytes a character and 256 for itself. With so many the connection is not read until half of them are gone, and while the answers alone are
     * as many, nothing is handled; one event always finds room. Where a transport cannot stop
     * reading (WebSockets in servlet containers) eight times as many end the session with {@link DisconnectReason#FLOOD}.
     */
    public int maxPendingBytes() {
        return maxPendingBytes;
    }

    /**
     * Sets {@link #maxPendingBytes()}.
     *
     * @param value at least 1,024
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits maxPendingBytes(int value) {
        return with(limits -> limits.maxPendingBytes = Range.atLeast(1_024, "Limits.maxPendingBytes", value));
    }

    /** A part of the largest heap that the JVM may have. */
    private static long part(int ofHeap, long least, long most) {
        return Math.max(least, Math.min(most, Runtime.getRuntime().maxMemory() / ofHeap));
    }

    /**
     * Returns how many packets a client may send over one connection for namespaces in which its session has ended, so many at once and as many more per minute; default 1,200.
     * They are ignored, since they may have been on their way, and counted as {@code packets.late}. Beyond it the connection is closed, and its other sessions end, with
     * {@link DisconnectReason#FLOOD}.
     */
    public int latePacketsPerMinute() {
        return latePacketsPerMinute;
    }

    /**
     * Sets {@link #latePacketsPerMinute()}.
     *
     * @param value at least 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits latePacketsPerMinute(int value) {
        return with(limits -> limits.latePacketsPerMinute = Range.atLeast(1, "Limits.latePacketsPerMinute", value));
    }

    /**
     * Returns how often a client may CONNECT to namespaces over one connection, per minute, behind twice as many as {@link #maxNamespaces()} (at least 16)
     * that come at once; default 120. One more waits for its time, and the connection is not read until then: a client that connects
     * to all its namespaces, or calls {@code disconnect()} and {@code connect()}, notices nothing.
     */
    public int connectsPerMinute() {
        return connectsPerMinute;
    }

    /**
     * Sets {@link #connectsPerMinute()}.
     *
     * @param value at least 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits connectsPerMinute(int value) {
        return with(limits -> limits.connectsPerMinute = Range.atLeast(1, "Limits.connectsPerMinute", value));
    }

    /**
     * Returns how many sessions clients of one address may begin, per minute and node, a fifth of them at once (many players share an address); default
     * 6,000. Beyond it the connection is closed with {@link DisconnectReason#CONNECT_POSTPONED}, and the client comes back by itself. Who asks
     * for a session that it had counts by {@link #resumesPerMinutePerIp()} alone.
     */
    public int connectsPerMinutePerIp() {
        return connectsPerMinutePerIp;
    }

    /**
     * Sets {@link #connectsPerMinutePerIp()}.
     *
     * @param value at least 5
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits connectsPerMinutePerIp(int value) {
        return with(limits -> limits.connectsPerMinutePerIp = Range.atLeast(5, "Limits.connectsPerMinutePerIp", value));
    }

    /**
     * Returns how often one session may be asked for by a client that comes back, per minute and node, ten of them at once; default 60. Beyond it the
     * connection is closed and the next attempt asks again: the session loses nothing.
     */
    public int resumesPerMinute() {
        return resumesPerMinute;
    }

    /**
     * Sets {@link #resumesPerMinute()}.
     *
     * @param value at least 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits resumesPerMinute(int value) {
        return with(limits -> limits.resumesPerMinute = Range.atLeast(1, "Limits.resumesPerMinute", value));
    }

    /**
     * Returns how many sessions of one address may be asked for by clients that come back, per minute and node, a fifth of them at once (many players
     * share an address, and all of them come back when a node stops); default 6,000. Beyond it as with {@link #resumesPerMinute()}.
     */
    public int resumesPerMinutePerIp() {
        return resumesPerMinutePerIp;
    }

    /**
     * Sets {@link #resumesPerMinutePerIp()}.
     *
     * @param value at least 5
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits resumesPerMinutePerIp(int value) {
        return with(limits -> limits.resumesPerMinutePerIp = Range.atLeast(5, "Limits.resumesPerMinutePerIp", value));
    }

    /**
     * Returns how many resumes a node works on at once, until the client is told that it has its session back; the others wait in the order in which
     * they came. Default 64.
     */
    public int resumesAtOnce() {
        return resumesAtOnce;
    }

    /**
     * Sets {@link #resumesAtOnce()}.
     *
     * @param value at least 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits resumesAtOnce(int value) {
        return with(limits -> limits.resumesAtOnce = Range.atLeast(1, "Limits.resumesAtOnce", value));
    }

    /**
     * Returns how often in a second the record of one session is written, once ten times as many have been written at once. What changes in between (rooms, recorded
     * attributes) is written together, and the answers to the requests that changed it wait for that. Default 20.
     */
    public int recordsPerSecond() {
        return recordsPerSecond;
    }

    /**
     * Sets {@link #recordsPerSecond()}.
     *
     * @param value at least 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits recordsPerSecond(int value) {
        return with(limits -> limits.recordsPerSecond = Range.atLeast(1, "Limits.recordsPerSecond", value));
    }

    /**
     * Returns how often in a row a replay may begin with the same event, on one node, because the client lost its connection and came back without
     * having it; then the client gets a fresh session with {@link FreshReason#EVENT_NOT_TAKEN}. Default 10.
     */
    public int replaysOfOneEvent() {
        return replaysOfOneEvent;
    }

    /**
     * Sets {@link #replaysOfOneEvent()}.
     *
     * @param value at least 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits replaysOfOneEvent(int value) {
        return with(limits -> limits.replaysOfOneEvent = Range.atLeast(1, "Limits.replaysOfOneEvent", value));
    }

    /**
     * Returns the time for the first session after the handshake; default 45 s as upstream. A CONNECT that is being judged then has {@link #authenticationTimeout} more.
     */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /**
     * Sets {@link #connectTimeout()}.
     *
     * @param value between 10 ms and one day
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits connectTimeout(Duration value) {
        Objects.requireNonNull(value, "connectTimeout");
        return with(limits -> limits.connectTimeout = time("connectTimeout", value));
    }

    /** Returns the time for a probing WebSocket to complete the upgrade; default 10 s as upstream. */
    public Duration upgradeTimeout() {
        return upgradeTimeout;
    }

    /**
     * Sets {@link #upgradeTimeout()}.
     *
     * @param value between 10 ms and one day
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits upgradeTimeout(Duration value) {
        Objects.requireNonNull(value, "upgradeTimeout");
        return with(limits -> limits.upgradeTimeout = time("upgradeTimeout", value));
    }

    /**
     * Returns the time for authenticator and connect interceptors together, and once more for
     * {@link dev.realtime.RealtimeBuilder#allowRequest allowRequest} before them; default 15 s.
     */
    public Duration authenticationTimeout() {
        return authenticationTimeout;
    }

    /**
     * Sets {@link #authenticationTimeout()}.
     *
     * @param value between 10 ms and one day
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits authenticationTimeout(Duration value) {
        Objects.requireNonNull(value, "authenticationTimeout");
        return with(limits -> limits.authenticationTimeout = time("authenticationTimeout", value));
    }

    /**
     * Returns the time for the stage of an asynchronous handler ({@link NamespaceSetup#onAsync}) to complete; default 1 min. Then the client gets
     * {@link ErrorCode#TIMEOUT}, what the stage brings later is ignored, and the session's next event is handled.
     */
    public Duration handlerTimeout() {
        return handlerTimeout;
    }

    /**
     * Sets {@link #handlerTimeout()}.
     *
     * @param value between 10 ms and one day
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits handlerTimeout(Duration value) {
        Objects.requireNonNull(value, "handlerTimeout");
        return with(limits -> limits.handlerTimeout = time("handlerTimeout", value));
    }

    /**
     * Returns how long an acknowledgement, a question or a disconnect waits at most for the place of what was emitted before it; default 10 s. Then it goes
     * ahead of it. Only a backend that does not answer makes it wait for more than a moment.
     */
    public Duration emitTimeout() {
        return emitTimeout;
    }

    /**
     * Sets {@link #emitTimeout()}.
     *
     * @param value between 10 ms and one day
     * @throws IllegalArgumentException if the value is out of range
     */
    public Limits emitTimeout(Duration value) {
        Objects.requireNonNull(value, "emitTimeout");
        return with(limits -> limits.emitTimeout = time("emitTimeout", value));
    }

    /** Returns all of them by name, in order. */
    private Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("maxConnections", maxConnections);
        values.put("maxConnectionsPerIp", maxConnectionsPerIp);
        values.put("maxConnectionsPerUser", maxConnectionsPerUser);
        values.put("maxSuspendedPerIp", maxSuspendedPerIp);
        values.put("maxHandlersPerIp", maxHandlersPerIp);
        values.put("maxConnectsPerIp", maxConnectsPerIp);
        values.put("maxSuspendedPerUser", maxSuspendedPerUser);
        values.put("handshakesPerSecond", handshakesPerSecond);
        values.put("handshakesPerSecondPerIp", handshakesPerSecondPerIp);
        values.put("maxPayload", maxPayload);
        values.put("maxAttachments", maxAttachments);
        values.put("maxNamespaces", maxNamespaces);
        values.put("maxPatternNamespaces", maxPatternNamespaces);
        values.put("maxRooms", maxRooms);
        values.put("maxDepth", maxDepth);
        values.put("maxEventSize", maxEventSize);
        values.put("maxPendingEvents", maxPendingEvents);
        values.put("unknownEvents", unknownEvents);
        values.put("refreshes", refreshes);
        values.put("authentications", authentications);
        values.put("failedAuthentications", failedAuthentications);
        values.put("unexpectedAcks", unexpectedAcks);
        values.put("eventsPerSecond", eventsPerSecond);
        values.put("exemptWith", exemptWith);
        values.put("maxRateBytes", maxRateBytes);
        values.put("logLines", logLines);
        values.put("maxInboundBytes", maxInboundBytes);
        values.put("maxOutboundBytes", maxOutboundBytes);
        values.put("maxConnectPayload", maxConnectPayload);
        values.put("maxPendingBytes", maxPendingBytes);
        values.put("latePacketsPerMinute", latePacketsPerMinute);
        values.put("connectsPerMinute", connectsPerMinute);
        values.put("connectsPerMinutePerIp", connectsPerMinutePerIp);
        values.put("resumesPerMinute", resumesPerMinute);
        values.put("resumesPerMinutePerIp", resumesPerMinutePerIp);
        values.put("resumesAtOnce", resumesAtOnce);
        values.put("recordsPerSecond", recordsPerSecond);
        values.put("replaysOfOneEvent", replaysOfOneEvent);
        values.put("connectTimeout", connectTimeout);
        values.put("upgradeTimeout", upgradeTimeout);
        values.put("authenticationTimeout", authenticationTimeout);
        values.put("handlerTimeout", handlerTimeout);
        values.put("emitTimeout", emitTimeout);
        return values;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Limits that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        String values = values().toString();
        return "Limits[" + values.substring(1, values.length() - 1) + "]";
    }
}
