package dev.realtime.benchmarks.hostile;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** 700 clients post a megabyte each to a REST handler that takes five seconds. */
final class LargePosts implements Attack {
    private static final int CLIENTS = 700;
    private static final int BYTES = 990_000;

    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    @Override
    public String name() {
        return "large-posts";
    }

    @Override
    public String run(Intruders intruders) throws Exception {
        int port = intruders.target().port();
        for (int i = 0; i < CLIENTS; i++) {
            intruders.run(() -> post(port));
        }
        Thread.sleep(20_000);
        return "%d answered, %d refused".formatted(answered.get(), refused.get());
    }

    private void post(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("POST /api/slow HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nContent-Length: " + BYTES + "\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            out.write(new byte[BYTES]);
            InputStream in = socket.getInputStream();
            String status = new String(in.readNBytes(12), StandardCharsets.ISO_8859_1);
            (status.endsWith("200") ? answered : refused).incrementAndGet();
        }
    }
}
