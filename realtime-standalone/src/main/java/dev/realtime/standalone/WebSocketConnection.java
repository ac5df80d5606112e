package dev.realtime.standalone;

import dev.realtime.spi.Connection;
import dev.realtime.spi.ConnectionListener;
import dev.realtime.spi.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket: what the engine writes goes out through it, what the client sends comes in through it, and its end is told once.
 * Everything inbound, the end included, runs on the connection's selector thread.
 */
final class WebSocketConnection implements Connection, FrameReader.Sink {
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final SocketWriter writer;
    private final WebSockets shared;
    private final @Nullable Deflate deflate;
    private final FrameOutput output;
    private final ClosingHandshake closing;
    private final PingAnswers pings;
    private final FrameReader frames;
    private volatile boolean deaf; // after a violation or a close frame nothing more is read
    private volatile boolean paused; // the engine wants nothing more for now

    // selector thread only
    private @Nullable ConnectionListener listener;
    private @Nullable MessageReader messages;
    private byte @Nullable [] unread; // read from the socket, and not wanted yet
    private final UnfinishedMessage unfinished;
    private final ReadingRest rest;
    private boolean delivering;
    private boolean socketGone;
    private boolean ended;

    /** @param address of the client */
    WebSocketConnection(SocketWriter writer, WebSockets shared, @Nullable Deflate deflate, String address) {
        this.writer = writer;
        this.shared = shared;
        this.deflate = deflate;
        this.frames = new FrameReader(this, deflate != null);
        this.output = new FrameOutput(writer, deflate);
        this.closing = new ClosingHandshake(writer.connection, output, shared.deadlines());
        this.pings = new PingAnswers(output);
        this.rest = new ReadingRest(writer.connection, shared, address, this::readOn);
        this.unfinished =
                new UnfinishedMessage(shared, address, () -> SelectorThread.run(writer.connection, this::tooSlow));
    }

    /** Before anything is read. */
    void listen(ConnectionListener engine) {
        listener = engine;
        messages = new MessageReader(engine, deflate, this::maxMessage);
        SocketEnd.of(writer.connection, this::socketClosed);
    }

    // ---------------------------------------------------------------- from the engine

    @Override
    public boolean write(List<Frame> batch, WriteListener whenDone) {
        return output.write(batch, whenDone);
    }

    @Override
    public boolean pauseReading() {
        paused = !closing.hasBegun(); // the answer to a goodbye is read
        if (paused) {
            SelectorThread.later(writer.connection, this::stopReading);
        }
        return true;
    }

    @Override
    public void resumeReading() {
        if (paused) {
            paused = false;
            SelectorThread.later(writer.connection, this::readOn);
        }
    }

    @Override
    public void close(int code, String reason) {
        sayGoodbye(code, reason, shared.patience());
    }

    @Override
    public void terminate() {
        writer.connection.terminateSilently();
    }

    // ---------------------------------------------------------------- from the client

    /** Takes what has come over the socket; all of it is read or kept when this returns. */
    void handle(ByteBuffer bytes) {
        if (deaf || ended) {
            return;
        }
        byte[] earlier = unread;
        if (earlier == null) {
            read(bytes);
        } else { // of TLS, which decrypts more than one record in a turn
            unread = ByteBuffer.allocate(earlier.length + bytes.remaining())
                    .put(earlier)
                    .put(bytes)
                    .array();
            count();
        }
    }

    private void read(ByteBuffer bytes) {
        delivering = true;
        try {
            pings.beginTurn();
            frames.read(bytes);
            pings.endTurn(!closing.hasBegun());
            if (bytes.hasRemaining() && !deaf) {
                byte[] later = new byte[bytes.remaining()];
                bytes.get(later);
                unread = later;
                SelectorThread.later(writer.connection, this::stopReading);
            }
        } catch (ProtocolViolationException e) {
            violated(e);
        } finally {
            delivering = false;
        }
        if (socketGone) {
            end();
            return;
        }
        count();
        readComplete();
    }

    private void readComplete() {
        ConnectionListener engine = listener;
        if (engine != null && !ended && !closing.hasBegun()) {
            engine.readComplete();
        }
    }

    /** What has not been handed on is counted, and must be complete in time. */
    private void count() {
        MessageReader reader = messages;
        byte[] waiting = unread;
        int held = frames.held() + (reader == null ? 0 : reader.held()) + (waiting == null ? 0 : waiting.length);
        if (!unfinished.hold(held, waiting == null) && !deaf) {
            violated(new ProtocolViolationException(
                    ProtocolViolationException.TRY_AGAIN_LATER, "no room for this message now"));
        }
    }

    private void tooSlow() {
        if (unfinished.isLarge() && !deaf && !ended) {
            violated(new ProtocolViolationException(
                    ProtocolViolationException.TRY_AGAIN_LATER, "the message took too long"));
        }
    }

    @Override
    public int maxMessage() {
        ConnectionListener engine = listener;
        return engine == null ? shared.maxPayload() : Math.min(shared.maxPayload(), engine.maxMessage());
    }

    @Override
    public boolean wantsMore() {
        MessageReader reader = messages;
        rest.beginIfDue(reader != null && reader.takeInflated(WorkMeter.MOST));
        return (!paused && !rest.isOn()) || deaf || closing.hasBegun();
    }

    /** Reading is off while something read earlier waits: what the client sends stays in the socket. */
    private void stopReading() {
        if ((paused || rest.isOn()) && !ended && !closing.hasBegun() && writer.connection.isOpen()) {
            try {
                writer.connection.disableIOEvent(IOEvent.READ);
            } catch (IOException e) {
                terminate();
            }
        }
    }

    private void readOn() {
        if (ended || paused || rest.isOn()) {
            return;
        }
        byte[] waiting = unread;
        if (waiting != null) {
            unread = null;
            if (!deaf) {
                read(ByteBuffer.wrap(waiting));
            }
        }
        SelectorThread.resumeReading(writer.connection, () -> (!paused && !rest.isOn()) || closing.hasBegun());
    }

    @Override
    public void data(int opcode, boolean last, boolean compressed, byte[] payload) throws ProtocolViolationException {
        rest.frame(payload.length);
        MessageReader reader = messages;
        if (reader == null || deaf || socketGone || closing.hasBegun()) {
            return;
        }
        rest.measure(reader, opcode, last, compressed, payload);
    }

    @Override
    public void control(int opcode, byte[] payload) throws ProtocolViolationException {
        rest.frame(0);
        if (deaf) {
            return;
        }
        if (opcode == ControlFrames.PING && !closing.hasBegun()) {
            pings.ping(payload);
        } else if (opcode == ControlFrames.CLOSE) {
            peerClosed(payload);
        }
    }

    private void peerClosed(byte[] payload) throws ProtocolViolationException {
        ControlFrames.Goodbye said = ControlFrames.readClose(payload);
        readComplete();
        closing.peerSaid(said.code(), said.reason());
        sayGoodbye(said.code() == ControlFrames.NO_STATUS ? ControlFrames.NORMAL : said.code(), "", shared.patience());
        deaf = true;
        writer.end(); // the client's own end is the last; the deadline resets a socket that it does not empty
        socketGone = true; // for the engine it has ended
    }

    /**
     * The close frame must reach the client although it may still be sending, and closing a socket with unread bytes resets it. So
     * our direction ends, and what arrives is thrown away until the client leaves or the linger time is over.
     */
    private void violated(ProtocolViolationException violation) {
        deaf = true;
        readComplete();
        sayGoodbye(
                violation.code(),
                violation.reason(),
                LINGER.compareTo(shared.patience()) < 0 ? LINGER : shared.patience());
    }

    private void sayGoodbye(int code, String reason, Duration atMost) {
        closing.begin(code, reason, atMost, () -> {
            if (paused) {
                resumeReading(); // for the answer; what comes before it is thrown away
            }
        });
    }

    // ---------------------------------------------------------------- the end

    private void socketClosed() {
        shared.ended(this);
        socketGone = true;
        closing.socketClosed();
        output.socketClosed();
        if (!delivering) {
            end();
        }
    }

    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        unfinished.close();
        rest.close();
        if (listener != null) {
            listener.closed(closing.status().code(), closing.status().reason());
        }
    }

    TCPNIOConnection socket() {
        return writer.connection;
    }
}
