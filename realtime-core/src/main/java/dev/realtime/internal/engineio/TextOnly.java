package dev.realtime.internal.engineio;

import dev.realtime.internal.outbox.Outbox;
import dev.realtime.spi.Connection;
import dev.realtime.spi.Frame;
import java.util.ArrayList;
import java.util.List;

/** A WebSocket whose client has asked for base64 instead of binary frames ({@code b64} in its query). */
record TextOnly(Connection connection) implements Outbox.Sink {

    @Override
    public boolean write(List<Frame> batch, Connection.WriteListener listener) {
        List<Frame> texts = new ArrayList<>(batch.size());
        for (Frame frame : batch) {
            texts.add(frame.isBinary() ? PayloadCodec.base64(frame) : frame);
        }
        return connection.write(texts, listener);
    }
}
