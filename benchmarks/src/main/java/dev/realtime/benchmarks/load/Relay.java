package dev.realtime.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Messages from node to node. Each sender has a room of its own whose members sit on the other nodes, one each, so every
 * delivery has crossed from one node to another. Each member must see its sender's messages one after the other, none
 * missing, none twice, none early.
 *
 * <p>Messages leave at a fixed rate, whatever comes back; latency counts from the moment a message was due at the sending
 * client to the moment the bytes were read at the member.
 */
public final class Relay implements Traffic {
    private static final byte[] HEAD = "42[\"msg\",\"".getBytes(StandardCharsets.US_ASCII);

    /** A message's number: the sender, then how many it sent before. */
    private static final int SEQUENCE_BITS = 20;

    private static final int SEQUENCE = (1 << SEQUENCE_BITS) - 1;

    /** Send times kept per sender; far more than it can have on their way before the servers count as overrun. */
    private static final int RING = 1 << 14;

    /** Messages that may be on their way: some seconds of the usual rate. */
    private static final int OVERRUN = 50_000;

    private static final long QUIET_NANOS = 50_000_000;
    private static final long DRAIN_NANOS = 30_000_000_000L;

    /** Messages that may be sent without a look at what arrived, while the generator is behind its schedule. */
    private static final int SENDS_PER_LOOK = 8;

    private final Crowd crowd;
    private final int nodes;
    private final int senders;
    private final EventTemplate[] templates;
    private final int[] next;
    private final long[] sentAt;

    /** Per client, whose messages it receives; senders receive nobody's. */
    private final int[] sourceOf;

    /** Per client, how many messages of its sender it has. */
    private final int[] received;

    private Histogram latency = Phase.histogram();
    private long messages;
    private long deliveries;
    private long lastArrival;
    private int entered;
    private boolean offsets;

    /** How many clients a crowd needs: senders first, then members, each in turn on the first, the second … node. */
    public static int clients(int nodes, int sendersPerNode) {
        return nodes * sendersPerNode * nodes;
    }

    /**
     * @param crowd {@link #clients} connections, spread over the nodes in turn
     */
    public Relay(Crowd crowd, int nodes, int sendersPerNode, int payloadBytes, long deadline) throws IOException {
        this.crowd = crowd;
        this.nodes = nodes;
        senders = nodes * sendersPerNode;
        templates = new EventTemplate[senders];
        next = new int[senders];
        sentAt = new long[senders * RING];
        List<Client> clients = crowd.clients();
        sourceOf = new int[clients.size()];
        received = new int[clients.size()];
        Arrays.fill(sourceOf, -1);
        for (int sender = 0; sender < senders; sender++) {
            templates[sender] =
                    EventTemplate.eventTo(EventTemplate.DEFAULT_NAMESPACE, "post", room(sender), payloadBytes);
        }
        crowd.traffic(this);
        int members = 0;
        for (int node = 0; node < nodes; node++) {
            int index = senders + node;
            for (int sender = 0; sender < senders; sender++) {
                if (sender % nodes != node) {
                    sourceOf[index] = sender;
                    crowd.request(
                            clients.get(index),
                            EventTemplate.requestOf(EventTemplate.DEFAULT_NAMESPACE, "enter", room(sender)),
                            sender);
                    members++;
                    index += nodes;
                }
            }
        }
        while (entered < members) {
            crowd.turn(10);
            if (System.nanoTime() > deadline) {
                throw new LoadException("only " + entered + " of " + members + " entered their rooms in time");
            }
        }
    }

    private static String room(int sender) {
        return "r" + sender;
    }

    /** Senders on all nodes take turns. */
    public Phase fromAll(double perSecond, long nanos) throws IOException {
        return run(perSecond, nanos, 1);
    }

    /** Only the senders on the first node send, so it emits and all others receive. */
    public Phase fromFirst(double perSecond, long nanos) throws IOException {
        return run(perSecond, nanos, nodes);
    }

    private Phase run(double perSecond, long nanos, int stride) throws IOException {
        latency = Phase.histogram();
        messages = 0;
        deliveries = 0;
        long start = System.nanoTime();
        long count = (long) (perSecond * nanos / 1e9);
        for (long i = 0; i < count; i++) {
            long due = start + (long) (i * 1e9 / perSecond);
            crowd.watchUntil(due);
            if (i % SENDS_PER_LOOK == 0) {
                crowd.turn(0);
            }
            send((int) (i * stride % senders), due);
        }
        long deadline = System.nanoTime() + DRAIN_NANOS;
        long due = messages * (nodes - 1);
        while (deliveries < due && System.nanoTime() < deadline) {
            crowd.turn(10);
        }
        crowd.turnUntil(System.nanoTime() + QUIET_NANOS);
        if (deliveries != due) {
            throw new LoadException(deliveries + " of " + due + " deliveries arrived: some were lost at the end");
        }
        return new Phase(messages, lastArrival - start, latency, offsets);
    }

    private void send(int sender, long due) {
        int sequence = next[sender]++;
        if (messages - deliveries / (nodes - 1) >= OVERRUN) {
            throw new LoadException("overrun: " + OVERRUN + " messages are on their way");
        }
        if (sequence > SEQUENCE) {
            throw new LoadException("too long a run: a sender has no numbers left");
        }
        sentAt[sender * RING + (sequence & (RING - 1))] = due;
        messages++;
        crowd.send(crowd.clients().get(sender), templates[sender], sender << SEQUENCE_BITS | sequence);
    }

    @Override
    public void event(Client client, ByteBuffer in, int at, int length, long now) {
        int id = EventTemplate.readId(in, at + HEAD.length);
        int sender = sourceOf[client.index];
        int expected = sender << SEQUENCE_BITS | received[client.index];
        if (sender < 0 || id != expected) {
            throw new LoadException("connection %d expected message %d of sender %d and got %d of sender %d: %s"
                    .formatted(
                            client.index,
                            expected & SEQUENCE,
                            sender,
                            id & SEQUENCE,
                            id >>> SEQUENCE_BITS,
                            (id & SEQUENCE) < (expected & SEQUENCE)
                                    ? "twice or out of order"
                                    : "lost or out of order"));
        }
        int sequence = received[client.index]++;
        latency.recordValue(Math.max(0, now - sentAt[sender * RING + (sequence & (RING - 1))]));
        lastArrival = now;
        if (deliveries++ == 0) {
            offsets = in.get(at + length - 2) == '"' && in.get(at + length - 3) != 'x';
        }
    }

    /** A member is in its room. */
    @Override
    public void ack(Client client, ByteBuffer in, int at, int length, long now) {
        entered++;
    }
}
