package dev.realtime.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/**
 * Broadcasts to a room of which every client is a member. Closed loop: each sender keeps a number of broadcasts in
 * flight and sends the next when one of its own has reached <em>every</em> member, so that the count in flight is the
 * same whatever order a server serves its members in. Open loop: broadcasts leave at a fixed rate, whatever comes back.
 */
public final class Fanout implements Traffic {
    private static final byte[] HEAD = "42[\"msg\",\"".getBytes(StandardCharsets.US_ASCII);

    /** Where the name of an event stands, and the first letter of that of a batch. */
    private static final int NAME_AT = 4;

    private static final byte BATCH = 'b';
    private static final String BATCH_HEAD = "42[\"batch:events\",{\"timestamp\":";
    private static final byte[] DATA = "\"data\":[\"".getBytes(StandardCharsets.US_ASCII);
    private static final int NONE_LEFT = -1;

    /** Broadcasts that may be in flight under the open loop before the server counts as overrun. */
    private static final int RING = 4096;

    private static final long QUIET_NANOS = 50_000_000;
    private static final long DRAIN_NANOS = 30_000_000_000L;

    private final Crowd crowd;
    private final List<Client> clients;
    private final EventTemplate template;
    private final int payloadBytes;
    private final Client[] senders;
    private final long[] sentAt = new long[RING];
    private final int[] arrived = new int[RING];
    private Histogram latency = Phase.histogram();
    private long sent;
    private long sentIds;
    private long completed;
    private long lastArrival;
    private boolean refill;
    private boolean checked;
    private boolean offsets;

    public Fanout(Crowd crowd, int senders, int payloadBytes) {
        this.crowd = crowd;
        this.payloadBytes = payloadBytes;
        clients = crowd.clients();
        template = EventTemplate.event("bcast", payloadBytes);
        this.senders = new Client[senders];
        for (int i = 0; i < senders; i++) {
            this.senders[i] = clients.get((int) ((long) i * clients.size() / senders));
        }
        crowd.traffic(this);
    }

    public Phase closedLoop(int inFlightEach, Budget budget) throws IOException {
        long start = begin();
        refill = true;
        for (int i = 0; i < inFlightEach; i++) {
            for (int sender = 0; sender < senders.length; sender++) {
                send(sender, System.nanoTime());
            }
        }
        crowd.turnUntil(budget);
        refill = false;
        return end(start);
    }

    public Phase openLoop(double perSecond, long nanos) throws IOException {
        long start = begin();
        long count = (long) (perSecond * nanos / 1e9);
        for (long i = 0; i < count; i++) {
            long due = start + (long) (i * 1e9 / perSecond);
            crowd.turnUntil(due);
            if (sent - completed >= RING) {
                throw new LoadException("overrun: " + RING + " broadcasts in flight at " + perSecond + "/s");
            }
            send((int) (i % senders.length), due);
        }
        return end(start);
    }

    private long begin() {
        latency = Phase.histogram();
        for (Client client : clients) {
            client.received = 0;
            client.receivedIds = 0;
        }
        sent = 0;
        sentIds = 0;
        completed = 0;
        checked = false;
        return System.nanoTime();
    }

    private void send(int sender, long due) {
        int id = (int) sent++;
        int slot = id & (RING - 1);
        sentIds += id;
        sentAt[slot] = due;
        arrived[slot] = sender << 20;
        crowd.send(senders[sender], template, id);
    }

    @Override
    public void event(Client client, ByteBuffer in, int at, int length, long now) {
        if (!checked) {
            check(in, at, length);
            checked = true;
        }
        if (in.get(at + NAME_AT) == BATCH) {
            int item = firstOfBatch(in, at, at + length);
            while (item != NONE_LEFT) {
                arrived(client, EventTemplate.readId(in, item), now);
                item = nextOfBatch(in, item);
            }
        } else {
            arrived(client, EventTemplate.readId(in, at + HEAD.length), now);
        }
    }

    private void arrived(Client client, int id, long now) {
        int slot = id & (RING - 1);
        client.received++;
        client.receivedIds += id;
        latency.recordValue(now - sentAt[slot]);
        int count = ++arrived[slot];
        if ((count & 0xfffff) == clients.size()) {
            completed++;
            lastArrival = now;
            if (refill) {
                send(count >>> 20, System.nanoTime());
            }
        }
    }

    /** Returns where the first payload of a batch begins. */
    private static int firstOfBatch(ByteBuffer in, int at, int end) {
        for (int from = at + BATCH_HEAD.length(); from + DATA.length < end; from++) {
            int same = 0;
            while (same < DATA.length && in.get(from + same) == DATA[same]) {
                same++;
            }
            if (same == DATA.length) {
                return from + same;
            }
        }
        throw new LoadException("a batch without data");
    }

    /** Returns where the next payload of a batch begins; all have the same length. */
    private int nextOfBatch(ByteBuffer in, int item) {
        int behind = item + payloadBytes + 1;
        return in.get(behind) == ',' ? behind + 2 : NONE_LEFT;
    }

    /** The hot path trusts the layout of the packet; here it is read in full, once per phase. */
    private void check(ByteBuffer in, int at, int length) {
        byte[] bytes = new byte[length];
        in.get(at, bytes);
        String packet = new String(bytes, StandardCharsets.UTF_8);
        String payload = "\"[0-9a-f]{8}x{" + (payloadBytes - EventTemplate.ID_DIGITS) + "}\"";
        String event = "42\\[\"msg\"," + payload;
        String batch =
                Pattern.quote(BATCH_HEAD) + "\\d{13},\"events\":\\[\\{\"type\":\"msg\",\"count\":\\d+,\"data\":\\["
                        + payload + "(," + payload + ")*\\]\\}\\]\\}";
        Matcher matcher = Pattern.compile("(?:" + event + "|" + batch + ")(,\"[^\"]{3,}\")?\\]")
                .matcher(packet);
        if (!matcher.matches()) {
            throw new LoadException("not the packet that was expected: " + packet);
        }
        offsets = matcher.group(matcher.groupCount()) != null;
    }

    private Phase end(long start) throws IOException {
        long deadline = System.nanoTime() + DRAIN_NANOS;
        while (completed < sent && System.nanoTime() < deadline) {
            crowd.turn(10);
        }
        crowd.turnUntil(System.nanoTime() + QUIET_NANOS);
        for (Client client : clients) {
            if (client.received != sent || client.receivedIds != sentIds) {
                throw new LoadException("connection " + client.index + " received " + client.received + " of " + sent
                        + " broadcasts" + (client.received == sent ? ", but not each once" : ""));
            }
        }
        return new Phase(sent * clients.size(), lastArrival - start, latency, offsets);
    }

    @Override
    public void ack(Client client, ByteBuffer in, int at, int length, long now) {
        NONE.ack(client, in, at, length, now);
    }
}
