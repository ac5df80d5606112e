package dev.realtime.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Broadcasts to many rooms in turn, a number of them in flight over all rooms; the members of a room take turns in sending. A broadcast is in
 * flight until every member has it.
 */
public final class Rooms implements Traffic {
    private static final byte[] HEAD = "42[\"msg\",\"".getBytes(StandardCharsets.US_ASCII);

    /** Broadcasts whose send times are kept; far more than are in flight. */
    private static final int RING = 4096;

    /** Requests to enter a room that are on their way at once. */
    private static final int ENTERING = 200;

    private static final long QUIET_NANOS = 50_000_000;
    private static final long DRAIN_NANOS = 30_000_000_000L;

    private final Crowd crowd;
    private final List<int[]> rooms;
    private final EventTemplate[] templates;
    private final int[] sentTo;
    private final long[] idsTo;
    private final long[] sentAt = new long[RING];
    private final int[] missing = new int[RING];
    private Histogram latency = Phase.histogram();
    private int entered;
    private int sent;
    private int completed;
    private long deliveries;
    private long deliveriesBefore;
    private long reads;
    private long lastArrival;
    private boolean refill;

    /**
     * Lets the clients enter their rooms.
     *
     * @param rooms the indices of each room's members, who are all in one namespace
     */
    public Rooms(Crowd crowd, List<int[]> rooms, int payloadBytes, long deadline) throws IOException {
        this.crowd = crowd;
        this.rooms = rooms;
        templates = new EventTemplate[rooms.size()];
        sentTo = new int[rooms.size()];
        idsTo = new long[rooms.size()];
        crowd.traffic(this);
        int requests = 0;
        for (int room = 0; room < rooms.size(); room++) {
            String name = "r" + room;
            String namespace = crowd.clients().get(rooms.get(room)[0]).namespace;
            templates[room] = EventTemplate.eventTo(namespace, "post", name, payloadBytes);
            for (int member : rooms.get(room)) {
                Client client = crowd.clients().get(member);
                crowd.request(client, EventTemplate.requestOf(namespace, "enter", name), requests++);
                await(requests - ENTERING, deadline);
            }
        }
        await(requests, deadline);
    }

    private void await(int count, long deadline) throws IOException {
        while (entered < count) {
            crowd.turn(10);
            if (System.nanoTime() > deadline) {
                throw new LoadException("only " + entered + " memberships in time");
            }
        }
    }

    /** Returns deliveries as units. */
    public Phase closedLoop(int inFlight, Budget budget) throws IOException {
        latency = Phase.histogram();
        for (Client client : crowd.clients()) {
            client.received = 0;
            client.receivedIds = 0;
        }
        for (int room = 0; room < rooms.size(); room++) {
            sentTo[room] = 0;
            idsTo[room] = 0;
        }
        sent = 0;
        completed = 0;
        deliveries = 0;
        deliveriesBefore = 0;
        reads = 0;
        long start = System.nanoTime();
        refill = true;
        for (int i = 0; i < inFlight; i++) {
            send();
        }
        crowd.turnUntil(budget);
        refill = false;
        long deadline = System.nanoTime() + DRAIN_NANOS;
        while (completed < sent && System.nanoTime() < deadline) {
            crowd.turn(10);
        }
        crowd.turnUntil(System.nanoTime() + QUIET_NANOS);
        check();
        return new Phase(deliveries, lastArrival - start, latency, true);
    }

    /** Returns how many broadcasts the last phase had. */
    public int broadcasts() {
        return sent;
    }

    /** Returns how many reads brought something in the last phase: about as many as the server had writes. */
    public long reads() {
        return reads;
    }

    @Override
    public void readEnded(Client client) {
        if (deliveries > deliveriesBefore) {
            reads++;
            deliveriesBefore = deliveries;
        }
    }

    private void send() {
        int id = sent++;
        int room = id % rooms.size();
        int[] members = rooms.get(room);
        missing[id & (RING - 1)] = members.length;
        sentAt[id & (RING - 1)] = System.nanoTime();
        idsTo[room] += id;
        crowd.send(crowd.clients().get(members[sentTo[room]++ % members.length]), templates[room], id);
    }

    @Override
    public void event(Client client, ByteBuffer in, int at, int length, long now) {
        int id = EventTemplate.readId(in, at + HEAD.length + client.namespacePrefix);
        int slot = id & (RING - 1);
        client.received++;
        client.receivedIds += id;
        deliveries++;
        latency.recordValue(now - sentAt[slot]);
        if (--missing[slot] == 0) {
            completed++;
            lastArrival = now;
            if (refill) {
                send();
            }
        }
    }

    /** Each member has each of its rooms' broadcasts once. */
    private void check() {
        long[] count = new long[crowd.clients().size()];
        long[] ids = new long[crowd.clients().size()];
        for (int room = 0; room < rooms.size(); room++) {
            for (int member : rooms.get(room)) {
                count[member] += sentTo[room];
                ids[member] += idsTo[room];
            }
        }
        for (Client client : crowd.clients()) {
            if (client.received != count[client.index] || client.receivedIds != ids[client.index]) {
                throw new LoadException("connection " + client.index + " received " + client.received + " of "
                        + count[client.index] + " broadcasts, or not each once");
            }
        }
    }

    /** A member is in its room. */
    @Override
    public void ack(Client client, ByteBuffer in, int at, int length, long now) {
        entered++;
    }
}
