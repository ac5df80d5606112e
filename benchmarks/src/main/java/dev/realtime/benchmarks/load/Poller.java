package dev.realtime.benchmarks.load;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client that polls: its connection is at one node, and its requests go to that one or to another. Blocking, for one thread. */
final class Poller implements Closeable {
    private final String path;
    private final Wire posts;
    private final Wire polls;
    private int asked;

    /**
     * Connects.
     *
     * @param home the port of the node that has its connection
     * @param reached the port that its requests go to
     */
    Poller(int home, int reached) throws IOException {
        String base = "/socket.io/?EIO=4&transport=polling";
        String sid;
        try (Wire opening = new Wire(home)) {
            String open = opening.exchange("GET", base, "");
            int from = open.indexOf("\"sid\":\"") + 7;
            sid = open.substring(from, open.indexOf('"', from));
        }
        path = base + "&sid=" + sid;
        posts = new Wire(reached);
        polls = new Wire(reached);
        say("40");
        poll("40");
    }

    /** Sends a request and waits for its answer. */
    void echo(String payload) throws IOException {
        int id = asked++;
        say("42" + id + "[\"echo\",\"" + payload + "\"]");
        poll("43" + id + "[");
    }

    private void say(String packet) throws IOException {
        String answer = posts.exchange("POST", path, packet);
        if (!answer.equals("ok")) {
            throw new LoadException("a POST was answered with " + answer);
        }
    }

    private void poll(String awaited) throws IOException {
        while (true) {
            boolean arrived = false;
            for (String packet : polls.exchange("GET", path, "").split("\u001e", -1)) {
                if (packet.startsWith("2")) {
                    say("3");
                }
                arrived |= packet.startsWith(awaited);
            }
            if (arrived) {
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        posts.close();
        polls.close();
    }

    /** One connection of HTTP/1.1 that is kept. */
    private static final class Wire implements Closeable {
        private final Socket socket = new Socket();
        private final InputStream in;
        private final int port;

        Wire(int port) throws IOException {
            this.port = port;
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(60_000);
            in = new BufferedInputStream(socket.getInputStream());
        }

        String exchange(String method, String path, String body) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            String head = method + ' ' + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                    + (bytes.length == 0
                            ? "\r\n\r\n"
                            : "\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: " + bytes.length
                                    + "\r\n\r\n");
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
            String status = line();
            int length = -1;
            for (String header = line(); !header.isEmpty(); header = line()) {
                if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(header.substring(15).trim());
                }
            }
            String answer = new String(in.readNBytes(Math.max(0, length)), StandardCharsets.UTF_8);
            if (length < 0 || !status.contains(" 200")) {
                throw new LoadException(method + " was answered with " + status + ": " + answer);
            }
            return answer;
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int one = in.read(); one != '\n'; one = in.read()) {
                if (one < 0) {
                    throw new LoadException("the server closed a connection");
                }
                if (one != '\r') {
                    line.append((char) one);
                }
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
