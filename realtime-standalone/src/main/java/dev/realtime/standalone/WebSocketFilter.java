package dev.realtime.standalone;

import java.nio.ByteBuffer;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.memory.ByteBufferArray;

/** The last filter of an upgraded connection: bytes from the wire to the link. */
final class WebSocketFilter extends BaseFilter {
    private final ErrorShield shield;

    WebSocketFilter(ErrorShield shield) {
        this.shield = shield;
    }

    @Override
    public NextAction handleRead(FilterChainContext ctx) {
        Buffer bytes = ctx.getMessage();
        WebSocketLink link = WebSockets.of(ctx.getConnection());
        if (link != null) {
            shield.guard(ctx.getConnection(), () -> read(bytes, link));
        }
        bytes.tryDispose();
        return ctx.getStopAction();
    }

    private static void read(Buffer bytes, WebSocketLink link) {
        if (bytes.isComposite()) {
            ByteBufferArray parts = bytes.toByteBufferArray();
            ByteBuffer[] array = parts.getArray();
            for (int i = 0; i < parts.size(); i++) {
                link.handle(array[i]);
            }
            parts.restore();
            parts.recycle();
        } else {
            link.handle(bytes.toByteBuffer());
        }
    }
}
