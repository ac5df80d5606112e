package dev.realtime.standalone;

import java.nio.ByteBuffer;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.memory.ByteBufferArray;

/** The last filter of an upgraded connection: bytes from the wire to the WebSocketConnection. */
final class WebSocketFilter extends BaseFilter {
    private final ErrorShield shield;

    WebSocketFilter(ErrorShield shield) {
        this.shield = shield;
    }

    @Override
    public NextAction handleRead(FilterChainContext ctx) {
        Buffer bytes = ctx.getMessage();
        WebSocketConnection socket = WebSockets.of(ctx.getConnection());
        if (socket != null) {
            shield.guard(ctx.getConnection(), () -> read(bytes, socket));
        }
        bytes.tryDispose();
        return ctx.getStopAction();
    }

    private static void read(Buffer bytes, WebSocketConnection socket) {
        if (bytes.isComposite()) {
            ByteBufferArray parts = bytes.toByteBufferArray();
            ByteBuffer[] array = parts.getArray();
            for (int i = 0; i < parts.size(); i++) {
                socket.handle(array[i]);
            }
            parts.restore();
            parts.recycle();
        } else {
            socket.handle(bytes.toByteBuffer());
        }
    }
}
