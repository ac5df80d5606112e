package dev.realtime.benchmarks.hostile;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One address has all the connections that it may have, and asks for more as fast as it can: many requests on one connection. */
final class RefusedHandshakes implements Attack {
    private static final int MOST_PER_ADDRESS = 1_000;
    private static final int THREADS = 2;
    private static final int AHEAD = 100;

    private final AtomicInteger asked = new AtomicInteger();

    @Override
    public String name() {
        return "refused-handshakes";
    }

    /** As many as a client on the same machine can ask for. */
    @Override
    public List<String> serverArguments() {
        return List.of("--few-handshakes");
    }

    @Override
    public String run(Intruders intruders) throws Exception {
        Dialer dialer = intruders.dialer();
        for (int i = 0; i < MOST_PER_ADDRESS; i++) {
            intruders.keep(dialer.connect());
            Thread.sleep(3);
        }
        intruders.begin();
        for (int i = 0; i < THREADS; i++) {
            intruders.run(() -> ask(dialer.port()));
        }
        Thread.sleep(12_000);
        return asked + " refused";
    }

    private void ask(int port) throws IOException {
        byte[] requests = ("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n")
                .repeat(AHEAD)
                .getBytes(StandardCharsets.ISO_8859_1);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            BufferedReader answers =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            while (true) {
                socket.getOutputStream().write(requests);
                for (int answered = 0; answered < AHEAD; ) {
                    String line = answers.readLine();
                    if (line == null) {
                        throw new EOFException("the server has hung up");
                    }
                    if (line.contains("HTTP/1.1 ")) {
                        answered++;
                    }
                }
                asked.addAndGet(AHEAD);
            }
        }
    }
}
