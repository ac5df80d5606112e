package dev.realtime.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.HdrHistogram.Histogram;

/** Requests that leave on schedule, whatever else the server does; clients take turns. Latency counts from the moment one was due. */
public final class Pulse implements Traffic {
    private static final int RING = 1 << 14;

    private final Crowd crowd;
    private final EventTemplate template;
    private final double perSecond;
    private final long start = System.nanoTime();
    private final long[] dueAt = new long[RING];
    private Histogram latency = Phase.histogram();
    private int sent;
    private int answered;

    public Pulse(Crowd crowd, double perSecond, int payloadBytes) {
        this.crowd = crowd;
        this.perSecond = perSecond;
        template = EventTemplate.request("echo", payloadBytes);
        crowd.traffic(this);
    }

    /** Sends what is due by now and takes what has arrived; waits for nothing. */
    public void beat() throws IOException {
        long now = System.nanoTime();
        for (long due = due(); due <= now; due = due()) {
            if (sent - answered >= RING) {
                throw new LoadException("overrun: " + RING + " requests wait for their answers");
            }
            dueAt[sent & (RING - 1)] = due;
            crowd.request(crowd.clients().get(sent % crowd.clients().size()), template, sent);
            sent++;
        }
        crowd.turn(0);
    }

    private long due() {
        return start + (long) (sent * 1e9 / perSecond);
    }

    /** Returns the latencies since the last call. */
    public Histogram take() {
        Histogram taken = latency;
        latency = Phase.histogram();
        return taken;
    }

    @Override
    public void ack(Client client, ByteBuffer in, int at, int length, long now) {
        int id = EventTemplate.readRequestId(in, at + 2);
        latency.recordValue(now - dueAt[id & (RING - 1)]);
        answered++;
    }

    /** What others broadcast is not counted. */
    @Override
    public void event(Client client, ByteBuffer in, int at, int length, long now) {}
}
