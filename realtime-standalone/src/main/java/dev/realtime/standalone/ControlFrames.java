package dev.realtime.standalone;

import jakarta.websocket.CloseReason;
import org.glassfish.tyrus.core.ProtocolHandler;
import org.glassfish.tyrus.core.TyrusWebSocket;
import org.glassfish.tyrus.core.Version;
import org.glassfish.tyrus.core.WebSocketException;
import org.glassfish.tyrus.core.frame.CloseFrame;
import org.glassfish.tyrus.core.frame.Frame;
import org.glassfish.tyrus.spi.Writer;

/** Tyrus's side of a connection: answers pings, checks close frames and says goodbye once, all through our {@link Writer}. */
final class ControlFrames extends TyrusWebSocket {
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int NO_STATUS = 1005;

    private ControlFrames(ProtocolHandler protocol) {
        super(protocol, null);
    }

    static ControlFrames over(Writer writer) {
        ProtocolHandler protocol = Version.DRAFT17.createHandler(false, null);
        protocol.setWriter(writer);
        ControlFrames frames = new ControlFrames(protocol);
        frames.onConnect(null, null, null, null, null); // no endpoint: only marks it connected
        return frames;
    }

    void ping(byte[] payload) {
        var unused = sendPong(payload); // its end is the connection's business
    }

    /** The checked content of a close frame. */
    static CloseReason closeReason(byte[] payload) throws ProtocolViolationException {
        Frame frame = Frame.builder()
                .fin(true)
                .opcode((byte) CLOSE)
                .payloadLength(payload.length)
                .payloadData(payload)
                .build();
        try {
            return new CloseFrame(frame).getCloseReason();
        } catch (WebSocketException e) {
            throw new ProtocolViolationException(
                    e.getCloseReason().getCloseCode().getCode(), "bad close frame");
        }
    }

    /** Tyrus calls this when it has sent a close frame; the connection knows already, it asked for it. */
    @Override
    public void onClose(CloseFrame frame) {}
}
