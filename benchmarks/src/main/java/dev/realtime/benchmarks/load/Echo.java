package dev.realtime.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Requests that the server acknowledges with their payload. Every client keeps a number of them in flight; the acks that
 * one read brings are answered with as many requests in one write.
 */
public final class Echo implements Traffic {
    private static final int ID_AT = 2;

    /** {@code 43} and an id of {@value EventTemplate#ID_DIGITS} digits stand before the array with the payload. */
    private static final int ARRAY_AT = ID_AT + EventTemplate.ID_DIGITS;

    private static final long DRAIN_NANOS = 30_000_000_000L;

    private final Crowd crowd;
    private final List<Client> clients;
    private final EventTemplate template;
    private final int payloadBytes;
    private final boolean numbered;
    private final int inFlight;
    private final ByteBuffer requests = ByteBuffer.allocateDirect(1 << 16);

    /** Per client and slot, when its request went out; the slot of a request is its id modulo those in flight. */
    private final long[] sentAt;

    /** Per client and slot, the id whose ack is due. */
    private final int[] due;

    private Histogram latency = Phase.histogram();
    private long sent;
    private long acked;
    private long lastArrival;
    private boolean refill;

    /** The first id of the next phase: none is used twice. */
    private int nextId;

    public Echo(Crowd crowd, int inFlight, int payloadBytes) {
        this(crowd, inFlight, payloadBytes, false);
    }

    /** @param numbered whether each request has a payload of its own */
    public Echo(Crowd crowd, int inFlight, int payloadBytes, boolean numbered) {
        this.crowd = crowd;
        this.numbered = numbered;
        this.inFlight = inFlight;
        this.payloadBytes = payloadBytes;
        clients = crowd.clients();
        template = numbered
                ? EventTemplate.numberedRequest("echo", payloadBytes)
                : EventTemplate.request("echo", payloadBytes);
        nextId = inFlight;
        sentAt = new long[clients.size() * inFlight];
        due = new int[clients.size() * inFlight];
        crowd.traffic(this);
    }

    public Phase closedLoop(Budget budget) throws IOException {
        latency = Phase.histogram();
        sent = 0;
        acked = 0;
        refill = true;
        long start = System.nanoTime();
        int firstId = nextId;
        for (Client client : clients) {
            for (int slot = 0; slot < inFlight; slot++) {
                gather(client, firstId + slot, start);
            }
            readEnded(client);
        }
        crowd.turnUntil(budget);
        refill = false;
        long deadline = System.nanoTime() + DRAIN_NANOS;
        while (acked < sent && System.nanoTime() < deadline) {
            crowd.turn(10);
        }
        if (acked != sent) {
            throw new LoadException(acked + " acks for " + sent + " requests");
        }
        return new Phase(acked, lastArrival - start, latency, false);
    }

    private void gather(Client client, int id, long now) {
        int slot = client.index * inFlight + id % inFlight;
        due[slot] = id;
        sentAt[slot] = now;
        nextId = Math.max(nextId, id - id % inFlight + inFlight);
        sent++;
        template.writeRequest(requests, id);
    }

    @Override
    public void ack(Client client, ByteBuffer in, int at, int length, long now) {
        int id = EventTemplate.readRequestId(in, at + ID_AT);
        int slot = client.index * inFlight + id % inFlight;
        if (due[slot] != id
                || length != ARRAY_AT + payloadBytes + 4
                || (numbered && EventTemplate.readRequestId(in, at + ARRAY_AT + 2) != id)) {
            byte[] bytes = new byte[length];
            in.get(at, bytes);
            throw new LoadException("not the ack that was due: " + new String(bytes, StandardCharsets.UTF_8));
        }
        due[slot] = 0;
        latency.recordValue(now - sentAt[slot]);
        acked++;
        lastArrival = now;
        if (refill) {
            gather(client, id + inFlight, System.nanoTime());
        }
    }

    @Override
    public void readEnded(Client client) throws IOException {
        if (requests.position() > 0) {
            client.write(requests.flip());
            requests.clear();
        }
    }

    @Override
    public void event(Client client, ByteBuffer in, int at, int length, long now) {
        NONE.event(client, in, at, length, now);
    }
}
