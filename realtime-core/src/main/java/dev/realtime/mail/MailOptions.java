package dev.realtime.mail;

import dev.realtime.Event;
import dev.realtime.internal.options.Range;
import java.time.Duration;
import java.util.Objects;

/**
 * The options of a namespace's mail. Immutable: start from {@link #DEFAULT}. All nodes that serve the namespace should have the same.
 *
 * <pre>{@code
 * game.mail(MailOptions.DEFAULT.keptFor(Duration.ofDays(7)).maxMessages(500));
 * }</pre>
 */
public final class MailOptions {
    /** 100 messages of 1 MiB together for each user, each kept for 72 hours; 100 ms apart. */
    public static final MailOptions DEFAULT = new MailOptions(
            Duration.ofDays(3),
            100,
            1L << 20,
            Duration.ofMillis(100),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            false,
            true,
            "offline_message_delivery",
            "offline_messages_complete");

    private final Duration keptFor;
    private final int maxMessages;
    private final long maxBytes;
    private final Duration pace;
    private final Duration ackTimeout;
    private final Duration lookEvery;
    private final boolean everyDevice;
    private final boolean ownNames;
    private final String deliveryEvent;
    private final String completeEvent;

    private MailOptions(
            Duration keptFor,
            int maxMessages,
            long maxBytes,
            Duration pace,
            Duration ackTimeout,
            Duration lookEvery,
            boolean everyDevice,
            boolean ownNames,
            String deliveryEvent,
            String completeEvent) {
        this.keptFor = keptFor;
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.pace = pace;
        this.ackTimeout = ackTimeout;
        this.lookEvery = lookEvery;
        this.everyDevice = everyDevice;
        this.ownNames = ownNames;
        this.deliveryEvent = deliveryEvent;
        this.completeEvent = completeEvent;
    }

    /** Returns how long a message is kept. */
    public Duration keptFor() {
        return keptFor;
    }

    /**
     * Sets how long a message is kept; less if its event {@linkplain dev.realtime.Event#expiresAfter expires} earlier. Default: 72 hours.
     *
     * @throws IllegalArgumentException if it is not between 1 s and 365 days
     */
    public MailOptions keptFor(Duration time) {
        Objects.requireNonNull(time, "time");
        Range.between(Duration.ofSeconds(1), Duration.ofDays(365), "MailOptions.keptFor", time);
        return new MailOptions(
                time,
                maxMessages,
                maxBytes,
                pace,
                ackTimeout,
                lookEvery,
                everyDevice,
                ownNames,
                deliveryEvent,
                completeEvent);
    }

    /** Returns how many messages a mailbox holds. */
    public int maxMessages() {
        return maxMessages;
    }

    /**
     * Sets how many messages a user's mailbox holds. For one more, the least important goes, of equally important ones the oldest; if all are more important the new one is refused
     * with {@link MailboxFullException}. Default: 100.
     *
     * @throws IllegalArgumentException if it is not between 1 and 1,000
     */
    public MailOptions maxMessages(int count) {
        Range.between(1, 1_000, "MailOptions.maxMessages", count);
        return new MailOptions(
                keptFor,
                count,
                maxBytes,
                pace,
                ackTimeout,
                lookEvery,
                everyDevice,
                ownNames,
                deliveryEvent,
                completeEvent);
    }

    /** Returns how large all messages of a mailbox may be. */
    public long maxBytes() {
        return maxBytes;
    }

    /**
     * Sets how large all messages of a user's mailbox may be together, in bytes; what is too much goes as with {@link #maxMessages(int)}. Default: 1 MiB.
     *
     * @throws IllegalArgumentException if it is less than 1,024
     */
    public MailOptions maxBytes(long bytes) {
        Range.atLeast(1_024L, "MailOptions.maxBytes", bytes);
        return new MailOptions(
                keptFor,
                maxMessages,
                bytes,
                pace,
                ackTimeout,
                lookEvery,
                everyDevice,
                ownNames,
                deliveryEvent,
                completeEvent);
    }

    /** Returns how far apart messages reach a client. */
    public Duration pace() {
        return pace;
    }

    /**
     * Sets how far apart messages reach a client at least; it also waits for the acknowledgement of the one before. Default: 100 ms.
     *
     * @throws IllegalArgumentException if it is not between 0 s and 1 min
     */
    public MailOptions pace(Duration gap) {
        Objects.requireNonNull(gap, "gap");
        Range.between(Duration.ZERO, Duration.ofMinutes(1), "MailOptions.pace", gap);
        return new MailOptions(
                keptFor,
                maxMessages,
                maxBytes,
                gap,
                ackTimeout,
                lookEvery,
                everyDevice,
                ownNames,
                deliveryEvent,
                completeEvent);
    }

    /** Returns how long a client has to acknowledge a message. */
    public Duration ackTimeout() {
        return ackTimeout;
    }

    /**
     * Sets how long a client has to acknowledge a message. After that the next one follows, and this one comes again, to whatever device of the user is there: half as long
     * after that, or later. Default: 10 s.
     *
     * @throws IllegalArgumentException if it is not between 100 ms and 1 min
     */
    public MailOptions ackTimeout(Duration patience) {
        Objects.requireNonNull(patience, "patience");
        Range.between(Duration.ofMillis(100), Duration.ofMinutes(1), "MailOptions.ackTimeout", patience);
        return new MailOptions(
                keptFor,
                maxMessages,
                maxBytes,
                pace,
                patience,
                lookEvery,
                everyDevice,
                ownNames,
                deliveryEvent,
                completeEvent);
    }

    /** Returns how often a node looks into the mailbox of a connected user. */
    public Duration lookEvery() {
        return lookEvery;
    }

    /**
     * Sets how often a node looks into the mailbox of a user that is connected here, though nothing was said of new messages: so one is found whose node was killed before it could say so. A look
     * is one small call of the backend for each session. Default: 1 min.
     *
     * @throws IllegalArgumentException if it is not between 1 s and 1 h
     */
    public MailOptions lookEvery(Duration period) {
        Objects.requireNonNull(period, "period");
        Range.between(Duration.ofSeconds(1), Duration.ofHours(1), "MailOptions.lookEvery", period);
        return new MailOptions(
                keptFor,
                maxMessages,
                maxBytes,
                pace,
                ackTimeout,
                period,
                everyDevice,
                ownNames,
                deliveryEvent,
                completeEvent);
    }

    /** Returns whether each device of a user that is connected gets each message. */
    public boolean everyDevice() {
        return everyDevice;
    }

    /**
     * Sets whether each device of a user that is connected gets each message, until one of them has acknowledged it. Default: no; a message goes to one device, and to another one if that does not
     * acknowledge it.
     */
    public MailOptions everyDevice(boolean every) {
        return new MailOptions(
                keptFor,
                maxMessages,
                maxBytes,
                pace,
                ackTimeout,
                lookEvery,
                every,
                ownNames,
                deliveryEvent,
                completeEvent);
    }

    /** Returns whether a client that was there when a message was stored gets it as the event that was emitted. */
    public boolean ownNames() {
        return ownNames;
    }

    /**
     * Sets whether a client that was there when a message was stored gets it as the event that was emitted: under its name, with its payload (in its {@linkplain Event#envelope envelope}, if it has one),
     * and behind that one more argument that says which message it is, {@code {id, type, …}}. The client acknowledges it like any other message. What waited for the client, and what it did not
     * acknowledge and gets again, comes in the {@link #deliveryEvent(String)}. Default: yes, so that clients that are there get the same event whether it persists or not; no: all
     * messages come in the delivery event.
     */
    public MailOptions ownNames(boolean own) {
        return new MailOptions(
                keptFor,
                maxMessages,
                maxBytes,
                pace,
                ackTimeout,
                lookEvery,
                everyDevice,
                own,
                deliveryEvent,
                completeEvent);
    }

    /** Returns in which event clients get a message that has waited for them, or comes again. */
    public String deliveryEvent() {
        return deliveryEvent;
    }

    /**
     * Sets the name of the event in which clients get a message that has waited for them, or comes again, and which they acknowledge. Default: {@code offline_message_delivery}.
     *
     * @throws IllegalArgumentException if it is no name of an event
     */
    public MailOptions deliveryEvent(String name) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(Event.of(name, Object.class));
        return new MailOptions(
                keptFor,
                maxMessages,
                maxBytes,
                pace,
                ackTimeout,
                lookEvery,
                everyDevice,
                ownNames,
                name,
                completeEvent);
    }

    /** Returns which event says that all messages have come. */
    public String completeEvent() {
        return completeEvent;
    }

    /**
     * Sets the name of the event that says how many messages a client has got that has connected, {@code {count}}, unless it was none. Default: {@code
     * offline_messages_complete}.
     *
     * @throws IllegalArgumentException if it is no name of an event
     */
    public MailOptions completeEvent(String name) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(Event.of(name, Object.class));
        return new MailOptions(
                keptFor,
                maxMessages,
                maxBytes,
                pace,
                ackTimeout,
                lookEvery,
                everyDevice,
                ownNames,
                deliveryEvent,
                name);
    }
}
