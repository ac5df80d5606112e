package dev.realtime.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.HdrHistogram.Histogram;

/** Clients that connect, a number of them at a time, and leave again. Latency counts from opening the socket to being let in. */
public final class Arrivals implements Traffic {
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    /** What a server still does behind the last goodbye belongs to no arrival. */
    private static final long QUIET_NANOS = 50_000_000;

    private final Crowd crowd;
    private final int atOnce;
    private Histogram latency = Phase.histogram();
    private long lastArrival;
    private boolean recoverable;

    public Arrivals(Crowd crowd, int atOnce) {
        this.crowd = crowd;
        this.atOnce = atOnce;
        crowd.traffic(this);
    }

    /** Lets so many more connect and returns when all have been let in. */
    public Phase connect(int count) throws IOException {
        latency = Phase.histogram();
        long start = System.nanoTime();
        crowd.growTo(crowd.clients().size() + count, atOnce, start + PATIENCE_NANOS);
        return new Phase(count, lastArrival - start, latency, recoverable);
    }

    /** Lets all leave and returns when the server has nothing more to do about them. */
    public void leave() throws IOException {
        crowd.leave(System.nanoTime() + PATIENCE_NANOS);
        crowd.turnUntil(System.nanoTime() + QUIET_NANOS);
    }

    @Override
    public void joined(Client client, ByteBuffer in, int at, int length, long now) {
        latency.recordValue(now - client.openedAt);
        lastArrival = now;
        recoverable = ConnectAnswer.privateId(in, at, length) != null;
    }

    @Override
    public void event(Client client, ByteBuffer in, int at, int length, long now) {
        NONE.event(client, in, at, length, now);
    }

    @Override
    public void ack(Client client, ByteBuffer in, int at, int length, long now) {
        NONE.ack(client, in, at, length, now);
    }
}
