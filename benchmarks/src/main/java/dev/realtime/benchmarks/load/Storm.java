package dev.realtime.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.HdrHistogram.Histogram;

/**
 * Sessions of one node that come back at once on another: each client has its private id and an offset, and offers both. Latency counts
 * from the moment in which all lost their connections.
 */
public final class Storm implements Traffic {
    private static final byte[] BROADCAST = "bcast".getBytes(StandardCharsets.US_ASCII);
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    /** So that this thread itself holds up nobody's request. */
    private static final int OPENED_A_TURN = 16;

    /** As official clients do at the first attempt, roughly. */
    private static final long RETRY_NANOS = 1_000_000_000L;

    private static final long AGAIN_NANOS = 1_000_000_000L;

    private final Crowd crowd;
    private final Pulse bystanders;
    private final int atOnce;
    private final Map<Client, String> privateIds = new HashMap<>();
    private final Map<Client, String> offsets = new HashMap<>();
    private final Queue<Client> waiting = new ArrayDeque<>();
    private final Queue<Client> again = new ArrayDeque<>();
    private final Queue<Long> againAt = new ArrayDeque<>();
    private Histogram latency = Phase.histogram();
    private long lostAt;
    private long last;
    private int back;
    private int resumed;
    private int retries;
    private boolean storming;

    /**
     * @param crowd nobody yet; connects to the first node
     * @param bystanders who are at the second node all along
     * @param atOnce how many try to connect at the same time
     */
    public Storm(Crowd crowd, Pulse bystanders, int atOnce) {
        this.crowd = crowd;
        this.bystanders = bystanders;
        this.atOnce = atOnce;
        crowd.traffic(this);
    }

    /**
     * Connects so many to the first node and gives each an offset. Who has been let in joins the room behind that, so the last ones may
     * miss an event that was quick: it is sent again until all have had one.
     */
    public void gather(int count, int payloadBytes) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        privateIds.clear();
        offsets.clear();
        crowd.growTo(count, deadline);
        EventTemplate template = EventTemplate.event(new String(BROADCAST, StandardCharsets.US_ASCII), payloadBytes);
        long sendAt = System.nanoTime();
        while (offsets.size() < count) {
            if (System.nanoTime() >= sendAt) {
                crowd.send(crowd.clients().get(0), template, 1);
                sendAt += AGAIN_NANOS;
            }
            crowd.turn(10);
            bystanders.beat();
            if (System.nanoTime() > deadline) {
                throw new LoadException("only " + offsets.size() + " of " + count + " have an offset");
            }
        }
    }

    /**
     * All lose their connections and come back at the other node.
     *
     * @param killed ends the first node, or does nothing when only the connections are cut
     */
    public Returns comeBack(int port, Killing killed) throws IOException {
        latency = Phase.histogram();
        back = 0;
        resumed = 0;
        retries = 0;
        for (Client client : crowd.clients()) {
            client.credentials = ("40{\"pid\":\"" + privateIds.get(client) + "\",\"offset\":\"" + offsets.get(client)
                            + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
        }
        storming = true;
        lostAt = System.nanoTime();
        killed.kill();
        crowd.cut();
        crowd.redirect(port);
        waiting.addAll(crowd.clients());
        while (back < crowd.clients().size()) {
            open();
            crowd.turn(0);
            bystanders.beat();
            if (System.nanoTime() - lostAt > PATIENCE_NANOS) {
                throw new LoadException(
                        "only " + back + " of " + crowd.clients().size() + " came back in time");
            }
        }
        storming = false;
        return new Returns(crowd.clients().size(), resumed, retries, last - lostAt, latency);
    }

    private void open() throws IOException {
        Long due = againAt.peek();
        while (due != null && due <= System.nanoTime()) {
            againAt.remove();
            waiting.add(again.remove());
            due = againAt.peek();
        }
        for (int i = 0; i < OPENED_A_TURN && crowd.connecting() < atOnce && !waiting.isEmpty(); i++) {
            crowd.comeBack(waiting.remove());
        }
    }

    /** All leave; the next connect to this server. */
    public void disperse(int port) throws IOException {
        crowd.leave(System.nanoTime() + PATIENCE_NANOS);
        crowd.redirect(port);
    }

    @Override
    public void joined(Client client, ByteBuffer in, int at, int length, long now) {
        String privateId = ConnectAnswer.privateId(in, at, length);
        if (privateId == null) {
            throw new LoadException("the server does not recover sessions");
        }
        if (!storming) {
            privateIds.put(client, privateId);
            return;
        }
        back++;
        last = now;
        latency.recordValue(now - lostAt);
        if (privateId.equals(privateIds.get(client))) {
            resumed++;
        }
    }

    @Override
    public void event(Client client, ByteBuffer in, int at, int length, long now) {
        byte[] bytes = new byte[length];
        in.get(at, bytes);
        String packet = new String(bytes, StandardCharsets.UTF_8);
        offsets.put(client, packet.substring(packet.lastIndexOf('"', packet.length() - 3) + 1, packet.length() - 2));
    }

    @Override
    public void ack(Client client, ByteBuffer in, int at, int length, long now) {
        NONE.ack(client, in, at, length, now);
    }

    /** A server under a storm may send clients away for a while. */
    @Override
    public void lost(Client client, LoadException how) {
        if (!storming) {
            throw how;
        }
        retries++;
        again.add(client);
        againAt.add(System.nanoTime() + RETRY_NANOS);
    }

    /** Ends a node. */
    public interface Killing {
        void kill() throws IOException;
    }

    /**
     * How the clients came back.
     *
     * @param clients all of them
     * @param resumed those who found their session
     * @param retries how often one was sent away and tried again
     * @param nanos until the last was let in
     * @param latency of each, in nanoseconds
     */
    public record Returns(int clients, int resumed, int retries, long nanos, Histogram latency) {}
}
