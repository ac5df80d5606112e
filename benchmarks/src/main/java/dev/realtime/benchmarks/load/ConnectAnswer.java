package dev.realtime.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The packet that lets a client in: {@code 40{"sid":"…","pid":"…"}}, the {@code pid} only where sessions can be recovered. */
final class ConnectAnswer {
    private static final String PRIVATE_ID = "\"pid\":\"";

    private ConnectAnswer() {}

    static @Nullable String privateId(ByteBuffer in, int at, int length) {
        byte[] bytes = new byte[length];
        in.get(at, bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        int from = text.indexOf(PRIVATE_ID);
        return from < 0
                ? null
                : text.substring(from + PRIVATE_ID.length(), text.indexOf('"', from + PRIVATE_ID.length()));
    }
}
