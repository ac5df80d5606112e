package dev.realtime.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Messages that clients send to themselves: each is answered when it is stored, arrives once at its client, and is acknowledged by it. A client
 * sends the next one when one arrives.
 */
public final class Letters implements Traffic {
    private static final int ACK_ID_AT = 2;

    /** Between the ack id of a message and its number: {@code ["msg","}. */
    private static final int HEAD_BYTES = "[\"msg\",\"".length();

    /** Messages that may be under way at once. */
    private static final int RING = 1 << 15;

    private static final long DRAIN_NANOS = 60_000_000_000L;

    private final Crowd crowd;
    private final List<Client> clients;
    private final EventTemplate template;
    private final long[] sentAt = new long[RING];
    private final int[] owner = new int[RING];
    private final BitSet unanswered = new BitSet();
    private final BitSet expected = new BitSet();
    private Histogram latency = Phase.histogram();
    private boolean refill;
    private int sent;
    private long lastArrival;

    public Letters(Crowd crowd, int payloadBytes) {
        this.crowd = crowd;
        clients = crowd.clients();
        template = EventTemplate.numberedRequest("mail", payloadBytes);
        crowd.traffic(this);
    }

    /** Each client keeps {@code inFlight} messages under way. The phase's latency is from when one is sent until it arrives. */
    public Phase closedLoop(int inFlight, Budget budget) throws IOException {
        latency = Phase.histogram();
        refill = true;
        int before = sent;
        long start = System.nanoTime();
        for (int i = 0; i < inFlight; i++) {
            for (Client client : clients) {
                next(client);
            }
        }
        crowd.turnUntil(budget);
        refill = false;
        long deadline = System.nanoTime() + DRAIN_NANOS;
        while (!unanswered.isEmpty() || !expected.isEmpty()) {
            crowd.turn(10);
            if (System.nanoTime() > deadline) {
                throw new LoadException(
                        unanswered.cardinality() + " answers and " + expected.cardinality() + " messages are missing");
            }
        }
        return new Phase(sent - before, lastArrival - start, latency, false);
    }

    private void next(Client client) {
        int id = sent++;
        int slot = id & (RING - 1);
        if (id >= RING && expected.get(id - RING)) {
            throw new LoadException("overrun: " + RING + " messages are under way");
        }
        sentAt[slot] = System.nanoTime();
        owner[slot] = client.index;
        unanswered.set(id);
        expected.set(id);
        crowd.request(client, template, id);
    }

    @Override
    public void ack(Client client, ByteBuffer in, int at, int length, long now) {
        take(unanswered, EventTemplate.readRequestId(in, at + ACK_ID_AT), client);
    }

    @Override
    public void event(Client client, ByteBuffer in, int at, int length, long now) {
        int end = at + ACK_ID_AT;
        while (in.get(end) != '[') {
            end++;
        }
        int id = EventTemplate.readRequestId(in, end + HEAD_BYTES);
        take(expected, id, client);
        latency.recordValue(now - sentAt[id & (RING - 1)]);
        lastArrival = now;
        crowd.acknowledge(client, in, at + ACK_ID_AT, end);
        if (refill) {
            next(client);
        }
    }

    private void take(BitSet outstanding, int id, Client client) {
        if (id < 0 || !outstanding.get(id) || owner[id & (RING - 1)] != client.index) {
            throw new LoadException("nobody waits for number " + id + " at connection " + client.index);
        }
        outstanding.clear(id);
    }
}
