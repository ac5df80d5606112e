package dev.realtime.standalone;

import dev.realtime.spi.Connection;
import dev.realtime.spi.ConnectionListener;
import dev.realtime.spi.Frame;
import dev.realtime.spi.InboundBudget;
import jakarta.websocket.CloseReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.glassfish.tyrus.spi.CompletionHandler;
import org.glassfish.tyrus.spi.ReadHandler;
import org.glassfish.tyrus.spi.Writer;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket: what the engine writes goes out through it, what the client sends comes in through it, and its end is told once.
 * Everything inbound, the end included, runs on the connection's selector thread.
 */
final class WebSocketLink extends Writer implements Connection, ReadHandler, FrameReader.Sink {
    private static final int NO_CLOSE_FRAME = 1006;
    private static final int LONGEST_REASON = 123;
    private static final Duration LINGER = Duration.ofSeconds(1);
    /** How long a message may take that holds more than the free bytes. */
    private static final Duration UNFINISHED = Duration.ofSeconds(30);

    private static final Duration REST = Duration.ofMillis(10);
    private static final int LARGE = 4_096; // what is smaller takes no time worth counting
    private static final int PINGS_IN_A_TURN = 16; // that are answered one by one

    private final SocketWriter writer;
    private final String address;
    private final WebSockets shared;
    private final @Nullable Deflate deflate;
    private final ControlFrames control;
    private final FrameReader frames;
    private final AtomicBoolean goodbye = new AtomicBoolean();
    private final AtomicBoolean latePong = new AtomicBoolean();
    private volatile byte @Nullable [] pong; // the latest, while the peer does not read
    private volatile boolean deaf; // after a violation or a close frame nothing more is read
    private volatile int closeCode = NO_CLOSE_FRAME;
    private volatile String closeReason = "";
    private volatile DeadlineTimer.@Nullable Deadline deadline;
    private volatile @Nullable EngineWrite write;
    private volatile boolean paused; // the engine wants nothing more for now

    // selector thread only
    private @Nullable ConnectionListener listener;
    private @Nullable MessageReader messages;
    private byte @Nullable [] unread; // read from the socket, and not wanted yet
    private InboundBudget.@Nullable Share share; // of what is not complete; made once that is much
    private DeadlineTimer.@Nullable Deadline unfinished;
    private boolean resting; // it has made much work
    private boolean heavy; // it has sent what took long
    private final WorkMeter effort = new WorkMeter(System::nanoTime);
    private boolean delivering;
    private boolean socketGone;
    private boolean ended;
    private int pings; // in this turn
    private byte @Nullable [] latestPing; // that is not answered yet

    /** @param address of the client */
    WebSocketLink(SocketWriter writer, WebSockets shared, @Nullable Deflate deflate, String address) {
        this.address = address;
        this.writer = writer;
        this.shared = shared;
        this.deflate = deflate;
        this.frames = new FrameReader(this, deflate != null);
        this.control = ControlFrames.over(this);
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
        List<byte[]> pieces = new ArrayList<>(batch.size());
        for (Frame frame : batch) {
            pieces.add(wire(frame));
        }
        EngineWrite current = new EngineWrite(whenDone);
        write = current;
        if (writer.write(pieces, current)) {
            write = null;
            return true;
        }
        if (!writer.connection.isOpen()) {
            current.failed(new IOException("connection is closed")); // the close listener may have run before the write
        }
        return false;
    }

    private byte[] wire(Frame frame) {
        Deflate compressor = deflate;
        return compressor == null
                ? frame.cached(false, byte[].class, WireFrame::plain)
                : frame.cached(true, byte[].class, compressor::wire);
    }

    @Override
    public boolean pauseReading() {
        paused = !goodbye.get(); // the answer to a goodbye is read
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

    @Override
    public void handle(ByteBuffer bytes) {
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
            pings = 0;
            frames.read(bytes);
            answerPing();
            if (bytes.hasRemaining() && !deaf) {
                byte[] rest = new byte[bytes.remaining()];
                bytes.get(rest);
                unread = rest;
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
        if (listener != null && !ended && !goodbye.get()) {
            listener.readComplete();
        }
    }

    /** What has not been handed on is counted, and must be complete in time. */
    private void count() {
        MessageReader reader = messages;
        byte[] rest = unread;
        int held = frames.held() + (reader == null ? 0 : reader.held()) + (rest == null ? 0 : rest.length);
        InboundBudget.Share mine = share;
        if (mine == null) {
            if (held <= InboundBudget.FREE) {
                return;
            }
            mine = shared.inbound().share(InboundBudget.Use.ARRIVING, address);
            share = mine;
        }
        if (!deaf && !mine.hold(held)) {
            violated(new ProtocolViolationException(
                    ProtocolViolationException.TRY_AGAIN_LATER, "no room for this message now"));
        }
        boolean much = held > InboundBudget.FREE && rest == null;
        DeadlineTimer.Deadline running = unfinished;
        if (much && running == null) {
            unfinished =
                    shared.deadlines().after(UNFINISHED, () -> SelectorThread.run(writer.connection, this::tooSlow));
        } else if (!much && running != null) {
            running.cancel();
            unfinished = null;
        }
    }

    private void tooSlow() {
        if (unfinished != null && !deaf && !ended) {
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
        Duration rest = shared.heavy().rest(address, heavy);
        if (effort.isMuch() || (reader != null && reader.takeInflated(WorkMeter.MOST)) || !rest.isZero()) {
            resting = true;
            shared.deadlines()
                    .after(
                            rest.compareTo(REST) > 0 ? rest : REST,
                            () -> SelectorThread.run(writer.connection, this::rested));
        }
        return (!paused && !resting) || deaf || goodbye.get();
    }

    private void rested() {
        resting = false;
        readOn();
    }

    /** Reading is off while something read earlier waits: what the client sends stays in the socket. */
    private void stopReading() {
        if ((paused || resting) && !ended && !goodbye.get() && writer.connection.isOpen()) {
            try {
                writer.connection.disableIOEvent(IOEvent.READ);
            } catch (IOException e) {
                terminate();
            }
        }
    }

    private void readOn() {
        if (ended || paused || resting) {
            return;
        }
        byte[] rest = unread;
        if (rest != null) {
            unread = null;
            if (!deaf) {
                read(ByteBuffer.wrap(rest));
            }
        }
        SelectorThread.resumeReading(writer.connection, () -> (!paused && !resting) || goodbye.get());
    }

    @Override
    public void data(int opcode, boolean last, boolean compressed, byte[] payload) throws ProtocolViolationException {
        effort.frame(payload.length);
        MessageReader reader = messages;
        if (reader == null || deaf || socketGone || goodbye.get()) {
            return;
        }
        if (last && opcode != 0 && !compressed && payload.length < LARGE) {
            reader.frame(opcode, last, compressed, payload);
            return;
        }
        long since = shared.heavy().begin();
        try {
            reader.frame(opcode, last, compressed, payload);
        } finally {
            heavy |= shared.heavy().done(address, since);
        }
    }

    @Override
    public void control(int opcode, byte[] payload) throws ProtocolViolationException {
        effort.frame(0);
        if (deaf) {
            return;
        }
        if (opcode == ControlFrames.PING && !goodbye.get()) {
            if (++pings <= PINGS_IN_A_TURN) {
                control.ping(payload);
            } else {
                latestPing = payload;
            }
        } else if (opcode == ControlFrames.CLOSE) {
            peerClosed(payload);
        }
    }

    /** RFC 6455 5.5.3: of many pings it is enough to answer the most recent; each answer is a system call. */
    private void answerPing() {
        byte[] latest = latestPing;
        latestPing = null;
        if (latest != null && !goodbye.get()) {
            control.ping(latest);
        }
    }

    private void peerClosed(byte[] payload) throws ProtocolViolationException {
        if (payload.length == 0) {
            remember(ControlFrames.NO_STATUS, "");
            sayGoodbye(CloseReason.CloseCodes.NORMAL_CLOSURE.getCode(), "", shared.patience());
        } else {
            CloseReason said = ControlFrames.closeReason(payload);
            String reason = said.getReasonPhrase() == null ? "" : said.getReasonPhrase();
            remember(said.getCloseCode().getCode(), reason);
            sayGoodbye(said.getCloseCode().getCode(), "", shared.patience());
        }
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
        sayGoodbye(
                violation.code(),
                violation.reason(),
                LINGER.compareTo(shared.patience()) < 0 ? LINGER : shared.patience());
    }

    private void sayGoodbye(int code, String reason, Duration atMost) {
        if (!goodbye.compareAndSet(false, true)) {
            return;
        }
        remember(code, reason);
        if (paused) {
            resumeReading(); // for the answer; what comes before it is thrown away
        }
        deadline = shared.deadlines().after(atMost, this::terminate);
        control.close(code, shorten(reason));
        if (!writer.connection.isOpen()) {
            cancelDeadline(); // it was closed meanwhile
        }
    }

    private synchronized void remember(int code, String reason) {
        if (closeCode == NO_CLOSE_FRAME) {
            closeCode = code;
            closeReason = reason;
        }
    }

    private static String shorten(String reason) {
        String text = reason;
        while (text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > LONGEST_REASON) {
            text = text.substring(0, text.length() - 1);
        }
        return text;
    }

    // ---------------------------------------------------------------- the end

    private void socketClosed() {
        shared.ended(this);
        socketGone = true;
        cancelDeadline();
        EngineWrite unfinished = write;
        if (unfinished != null) {
            unfinished.failed(new IOException("connection is closed"));
        }
        if (!delivering) {
            end();
        }
    }

    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        InboundBudget.Share mine = share;
        if (mine != null) {
            mine.close();
        }
        if (unfinished != null) {
            unfinished.cancel();
        }
        if (listener != null) {
            listener.closed(closeCode, closeReason);
        }
    }

    private void cancelDeadline() {
        DeadlineTimer.Deadline running = deadline;
        if (running != null) {
            running.cancel();
        }
    }

    TCPNIOConnection socket() {
        return writer.connection;
    }

    // ---------------------------------------------------------------- bytes that Tyrus sends: pongs and the close
    // frame

    @Override
    public void write(ByteBuffer bytes, CompletionHandler<ByteBuffer> handler) {
        byte[] frame = new byte[bytes.remaining()];
        bytes.get(frame);
        if ((frame[0] & 0x0f) != ControlFrames.CLOSE && writer.isBehind()) {
            pong = frame; // RFC 6455 5.5.3: the most recent ping is enough; a flood of pings must not become a queue
            // of pongs
            latePong.set(true);
        } else {
            writer.write(List.of(frame), new Told());
        }
    }

    @Override
    public void close() {
        writer.end();
    }

    private void behindNoMore() {
        byte[] late = pong;
        if (late != null && !writer.isBehind() && latePong.compareAndSet(true, false)) {
            pong = null;
            writer.write(List.of(late), new Told());
        }
    }

    /** A control frame's end interests nobody, except that a late pong may follow it. */
    private final class Told implements WriteListener {
        @Override
        public void written() {
            behindNoMore();
        }

        @Override
        public void failed(Throwable cause) {
            terminate();
        }
    }

    /** The engine's one write in flight; its listener is told once, also when the socket ends first. */
    private final class EngineWrite implements WriteListener {
        private final WriteListener engine;
        private final AtomicBoolean told = new AtomicBoolean();

        EngineWrite(WriteListener engine) {
            this.engine = engine;
        }

        @Override
        public void written() {
            if (told.compareAndSet(false, true)) {
                write = null;
                behindNoMore();
                engine.written();
            }
        }

        @Override
        public void failed(Throwable cause) {
            if (told.compareAndSet(false, true)) {
                write = null;
                engine.failed(cause);
                terminate();
            }
        }
    }
}
