package dev.realtime.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Events that clients schedule for themselves: each is acknowledged when it is stored, and arrives once, at its client, and not before its time. Times are
 * those of the wall clock, which server and generator share.
 */
public final class Later implements Traffic {
    private static final int ACK_ID_AT = 2;
    private static final byte[] HEAD = "42[\"msg\",\"".getBytes(StandardCharsets.US_ASCII);

    /** Events that may be under way at once. */
    private static final int RING = 1 << 15;

    /** Delays are whole milliseconds, counted from two clocks that are read one after the other. */
    private static final long EARLY_NANOS = 2_000_000;

    private static final long QUIET_NANOS = 50_000_000;
    private static final long DRAIN_NANOS = 60_000_000_000L;

    private final Crowd crowd;
    private final List<Client> clients;
    private final int payloadBytes;

    /** What must be added to the generator's clock for that of the wall. */
    private final long wallOffset;

    private final long[] sentAt = new long[RING];
    private final long[] dueAt = new long[RING];
    private final int[] owner = new int[RING];
    private final BitSet unanswered = new BitSet();
    private final BitSet expected = new BitSet();
    private Histogram storing = Phase.histogram();
    private Histogram lateness = Phase.histogram();
    private EventTemplate template;
    private long due;
    private int sent;
    private int toSend;
    private long lastAnswer;
    private long lastArrival;
    private boolean offsets;

    public Later(Crowd crowd, int payloadBytes) {
        this.crowd = crowd;
        this.payloadBytes = payloadBytes;
        clients = crowd.clients();
        Instant now = Instant.now();
        wallOffset = ChronoUnit.NANOS.between(Instant.EPOCH, now) - System.nanoTime();
        template = template(0);
        crowd.traffic(this);
    }

    private EventTemplate template(long dueMillis) {
        return EventTemplate.requestAt("later", dueMillis, payloadBytes);
    }

    /**
     * Stores so many that are all due at one time, {@code inFlight} of each client under way. The phase's latency is that of the answers.
     *
     * @throws LoadException if they are due before all are stored
     */
    public Phase store(int count, int inFlight, long aheadNanos) throws IOException {
        storing = Phase.histogram();
        lateness = Phase.histogram();
        long start = System.nanoTime();
        dueIn(start + aheadNanos);
        toSend = count;
        for (int i = 0; i < inFlight; i++) {
            for (Client client : clients) {
                next(client);
            }
        }
        await(unanswered, "answers");
        if (due < lastAnswer) {
            throw new LoadException("due before all were stored, in " + (lastAnswer - start) / 1_000_000 + " ms");
        }
        return new Phase(count, lastAnswer - start, storing, false);
    }

    /** Waits for all that are stored. The phase's time is that from when they were due, its latency how late each was. */
    public Phase arrivals() throws IOException {
        int count = expected.cardinality();
        await(expected, "events");
        return new Phase(count, lastArrival - due, lateness, offsets);
    }

    /** Clients in turn store at this rate what is due so much later. The phase's latency is how late each was. */
    public Phase openLoop(double perSecond, long nanos, long aheadNanos) throws IOException {
        lateness = Phase.histogram();
        long start = System.nanoTime();
        int count = (int) (perSecond * nanos / 1e9);
        for (int i = 0; i < count; i++) {
            crowd.turnUntil(start + (long) (i * 1e9 / perSecond));
            dueIn(System.nanoTime() + aheadNanos);
            toSend = 1;
            next(clients.get(i % clients.size()));
        }
        await(unanswered, "answers");
        await(expected, "events");
        return new Phase(count, lastArrival - start, lateness, offsets);
    }

    /** The event's time is told in milliseconds, and that is when it counts as due. */
    private void dueIn(long nanoTime) {
        long millis = (nanoTime + wallOffset) / 1_000_000;
        due = millis * 1_000_000 - wallOffset;
        template = template(millis);
    }

    private void next(Client client) {
        if (toSend == 0) {
            return;
        }
        toSend--;
        int id = sent++;
        int slot = id & (RING - 1);
        if (id >= RING && expected.get(id - RING)) {
            throw new LoadException("overrun: " + RING + " events are under way");
        }
        sentAt[slot] = System.nanoTime();
        dueAt[slot] = due;
        owner[slot] = client.index;
        unanswered.set(id);
        expected.set(id);
        crowd.request(client, template, id);
    }

    private void await(BitSet outstanding, String what) throws IOException {
        long deadline = Math.max(System.nanoTime(), due) + DRAIN_NANOS;
        while (toSend > 0 || !outstanding.isEmpty()) {
            crowd.turn(10);
            if (System.nanoTime() > deadline) {
                throw new LoadException(outstanding.cardinality() + " " + what + " are missing");
            }
        }
        crowd.turnUntil(System.nanoTime() + QUIET_NANOS); // for those that come twice
    }

    @Override
    public void ack(Client client, ByteBuffer in, int at, int length, long now) {
        int id = EventTemplate.readRequestId(in, at + ACK_ID_AT);
        int again = EventTemplate.readRequestId(in, at + ACK_ID_AT + EventTemplate.ID_DIGITS + 2);
        if (id != again) {
            throw new LoadException("not the ack that was due: " + text(in, at, length));
        }
        take(unanswered, id, client);
        storing.recordValue(now - sentAt[id & (RING - 1)]);
        lastAnswer = now;
        next(client);
    }

    @Override
    public void event(Client client, ByteBuffer in, int at, int length, long now) {
        int id = EventTemplate.readRequestId(in, at + HEAD.length);
        take(expected, id, client);
        long late = now - dueAt[id & (RING - 1)];
        if (late < -EARLY_NANOS) {
            throw new LoadException("event " + id + " came " + -late / 1_000_000 + " ms before its time");
        }
        lateness.recordValue(Math.max(0, late));
        lastArrival = now;
        offsets = length > HEAD.length + payloadBytes + 2;
    }

    private void take(BitSet outstanding, int id, Client client) {
        if (id < 0 || !outstanding.get(id) || owner[id & (RING - 1)] != client.index) {
            throw new LoadException("nobody waits for number " + id + " at connection " + client.index);
        }
        outstanding.clear(id);
    }

    private static String text(ByteBuffer in, int at, int length) {
        byte[] bytes = new byte[length];
        in.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
