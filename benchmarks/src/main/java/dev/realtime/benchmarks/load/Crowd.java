package dev.realtime.benchmarks.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * Many Socket.IO clients over WebSocket on one selector. {@link #turn} does what is ready and returns, so the caller's
 * loop decides when to send, and everything stays on the caller's thread.
 */
public final class Crowd implements AutoCloseable {
    /** Connections being set up at once: enough to be quick, few enough not to overrun an accept queue. */
    private static final int CONNECTING_AT_ONCE = 64;

    /** After a turn that found fewer ready than this, wait for more. */
    private static final int GATHER = 32;

    private static final long GATHER_NANOS = 100_000;

    private static final byte[] PONG = "3".getBytes(StandardCharsets.US_ASCII);

    private InetSocketAddress[] servers;
    private final byte[] upgrade;
    private final Selector selector;
    private final List<Client> clients = new ArrayList<>();
    private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 18);
    private final ByteBuffer out = ByteBuffer.allocateDirect(1 << 16);
    private IntFunction<String> namespaces = index -> EventTemplate.DEFAULT_NAMESPACE;
    private IntFunction<String> users = index -> "";
    private Traffic traffic = Traffic.NONE;
    private boolean alert;
    private int connecting;
    private int joined;
    private int leaving;

    /** Clients connect to the ports in turn. */
    public Crowd(int... ports) throws IOException {
        servers = addresses(ports);
        upgrade = ("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost"
                        + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        selector = Selector.open();
    }

    private static InetSocketAddress[] addresses(int... ports) {
        InetSocketAddress[] addresses = new InetSocketAddress[ports.length];
        for (int i = 0; i < ports.length; i++) {
            addresses[i] = new InetSocketAddress(InetAddress.getLoopbackAddress(), ports[i]);
        }
        return addresses;
    }

    /** Those that are connected or will be, by their index. */
    public List<Client> clients() {
        return clients;
    }

    public void traffic(Traffic traffic) {
        this.traffic = traffic;
    }

    /** Clients connect to a namespace by their index; without this, to the default one. */
    public void namespaces(IntFunction<String> ofIndex) {
        namespaces = ofIndex;
    }

    /** Clients say by this name who they are; without this, nobody. */
    public void users(IntFunction<String> ofIndex) {
        users = index -> "{\"user\":\"" + ofIndex.apply(index) + "\"}";
    }

    /**
     * Never sleeps from now on: for the latency of a few clients on an idle server, which would otherwise be that of this thread's own
     * waking.
     */
    public void stayAlert() {
        alert = true;
    }

    /** Adds clients until there are {@code count}, each connected to its namespace. */
    public void growTo(int count, long deadline) throws IOException {
        growTo(count, CONNECTING_AT_ONCE, deadline);
    }

    /** As {@link #growTo(int, long)}, with so many on their way at once. */
    public void growTo(int count, int atOnce, long deadline) throws IOException {
        while (joined < count) {
            while (clients.size() < count && connecting < atOnce) {
                Client client = new Client(clients.size(), namespaces.apply(clients.size()));
                clients.add(client);
                open(client);
            }
            turn(100);
            if (System.nanoTime() > deadline) {
                throw new LoadException("only " + joined + " of " + count + " connections were accepted in time");
            }
        }
    }

    /** All leave the namespace, say goodbye and wait until the server has ended their connections; then there is nobody. */
    public void leave(long deadline) throws IOException {
        for (Client client : clients) {
            client.state = Client.State.LEAVING;
            leaving++;
            joined--;
            out.clear();
            EventTemplate.frame(out, packet("41", client, ""));
            EventTemplate.goodbye(out);
            client.write(out.flip());
        }
        clients.clear();
        while (leaving > 0) {
            turn(100);
            if (System.nanoTime() > deadline) {
                throw new LoadException(leaving + " connections were not ended in time");
            }
        }
    }

    /** All connections are gone without a word, as when a network fails; {@link #comeBack} connects the same clients again. */
    void cut() throws IOException {
        for (Client client : clients) {
            client.channel().close();
            client.state = Client.State.GONE;
        }
        joined = 0;
        connecting = 0;
    }

    /** From now on clients connect to this server. */
    void redirect(int port) {
        servers = addresses(port);
    }

    /** Connects a client that has lost its connection, with what it remembers of its session. */
    void comeBack(Client client) throws IOException {
        open(client);
    }

    int connecting() {
        return connecting;
    }

    private void open(Client client) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        // Closing resets instead of lingering: tens of thousands of ports in TIME_WAIT would starve the next run.
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT, client);
        client.opened(channel, key, System.nanoTime());
        connecting++;
        if (channel.connect(servers[client.index % servers.length])) {
            connected(client);
        }
    }

    /** Handles what is ready, waiting for it at most {@code millis}; zero does not wait. */
    public void turn(long millis) throws IOException {
        if (alert) {
            selector.selectNow(this::ready);
            return;
        }
        int handled = millis <= 0 ? selector.selectNow(this::ready) : selector.select(this::ready, millis);
        // Asleep in the selector, this thread would be woken by nearly every write of the server, and the wake-ups
        // would
        // count as the server's CPU time: a cost of loopback, not of a server. So let readiness gather first.
        if (handled < GATHER && millis > 0) {
            LockSupport.parkNanos(GATHER_NANOS);
        }
    }

    void turnUntil(Budget budget) throws IOException {
        while (!budget.spent()) {
            turnUntil(System.nanoTime() + 100_000_000);
        }
    }

    public void turnUntil(long nanoTime) throws IOException {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            turn(Math.max(1, left / 1_000_000));
        }
    }

    /** As {@link #turnUntil}, on the microsecond as far as the kernel's timer allows. */
    void watchUntil(long nanoTime) throws IOException {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            if (selector.selectNow(this::ready) < GATHER) {
                LockSupport.parkNanos(Math.min(GATHER_NANOS, nanoTime - System.nanoTime()));
            }
        }
    }

    /** Sends the event as message number {@code id}. */
    void send(Client client, EventTemplate template, int id) {
        out.clear();
        template.writeEvent(out, id);
        write(client);
    }

    /** Sends the request with ack id {@code id}. */
    void request(Client client, EventTemplate template, int id) {
        out.clear();
        template.writeRequest(out, id);
        write(client);
    }

    /** Acknowledges a packet whose ack id stands between these places. */
    void acknowledge(Client client, ByteBuffer from, int start, int end) {
        byte[] packet = new byte[2 + end - start + 2];
        packet[0] = '4';
        packet[1] = '3';
        from.get(start, packet, 2, end - start);
        packet[packet.length - 2] = '[';
        packet[packet.length - 1] = ']';
        out.clear();
        EventTemplate.frame(out, packet);
        write(client);
    }

    private void write(Client client) {
        try {
            client.write(out.flip());
        } catch (IOException e) {
            throw lost(client, e.toString());
        }
    }

    private void ready(SelectionKey key) {
        Client client = (Client) key.attachment();
        try {
            if (key.isReadable()) {
                read(client);
            } else if (key.isConnectable()) {
                client.channel().finishConnect();
                connected(client);
            } else if (key.isWritable()) {
                client.writable();
            }
        } catch (IOException e) {
            ended(client, e.toString());
        }
    }

    /** A connection is over; the traffic says whether that may be. */
    private void ended(Client client, String why) {
        Client.State before = client.state;
        try {
            client.channel().close();
        } catch (IOException e) {
            throw lost(client, e.toString());
        }
        if (before == Client.State.LEAVING) {
            leaving--;
        } else {
            LoadException lost = lost(client, why);
            if (before == Client.State.JOINED) {
                joined--;
            } else {
                connecting--;
            }
            client.state = Client.State.GONE;
            traffic.lost(client, lost);
        }
    }

    private void connected(Client client) throws IOException {
        client.key().interestOps(SelectionKey.OP_READ);
        client.state = Client.State.UPGRADING;
        client.write(ByteBuffer.wrap(upgrade));
    }

    private void read(Client client) throws IOException {
        if (!client.read(in)) {
            ended(client, "end of stream");
            return;
        }
        if (client.state == Client.State.LEAVING) {
            return; // whatever it is, it comes too late
        }
        long now = System.nanoTime();
        int at = client.state == Client.State.UPGRADING ? afterUpgrade(client) : 0;
        int limit = in.limit();
        while (client.state != Client.State.UPGRADING && limit - at >= 2) {
            int header = 2;
            int length = in.get(at + 1) & 0xff;
            if (length == 126) {
                header = 4;
                if (limit - at < header) {
                    break;
                }
                length = in.getShort(at + 2) & 0xffff;
            } else if (length > 126) {
                throw lost(client, "a masked or huge frame");
            }
            if (limit - at - header < length) {
                break;
            }
            frame(client, in.get(at), at + header, length, now);
            at += header + length;
        }
        if (at < limit) {
            client.keep(in, at);
        }
        traffic.readEnded(client);
    }

    private int afterUpgrade(Client client) {
        for (int i = 3; i < in.limit(); i++) {
            if (in.get(i) == '\n' && in.get(i - 1) == '\r' && in.get(i - 2) == '\n') {
                if (in.get(9) != '1' || in.get(10) != '0' || in.get(11) != '1') {
                    throw lost(client, "upgrade answered with " + text(0, in.limit()));
                }
                client.state = Client.State.JOINING;
                return i + 1;
            }
        }
        return 0;
    }

    private void frame(Client client, byte opcode, int at, int length, long now) throws IOException {
        if (opcode != (byte) 0x81 || length == 0) {
            throw lost(client, "frame with first byte " + Integer.toHexString(opcode & 0xff));
        }
        int kind = in.get(at) << 8 | (length > 1 ? in.get(at + 1) : 0);
        switch (kind) {
            case '4' << 8 | '2' -> traffic.event(client, in, at, length, now);
            case '4' << 8 | '3' -> traffic.ack(client, in, at, length, now);
            case '2' << 8 -> answer(client, PONG);
            case '0' << 8 | '{' -> answer(client, client.credentials(packet("40", client, users.apply(client.index))));
            case '4' << 8 | '0' -> {
                if (client.state != Client.State.JOINED) {
                    client.state = Client.State.JOINED;
                    connecting--;
                    joined++;
                    traffic.joined(client, in, at, length, now);
                }
            }
            case '6' << 8 -> {}
            default -> throw lost(client, "packet " + text(at, length));
        }
    }

    private static byte[] packet(String type, Client client, String data) {
        return (type + EventTemplate.prefix(client.namespace) + data).getBytes(StandardCharsets.US_ASCII);
    }

    private void answer(Client client, byte[] packet) throws IOException {
        out.clear();
        EventTemplate.frame(out, packet);
        client.write(out.flip());
    }

    private String text(int at, int length) {
        byte[] bytes = new byte[Math.min(length, 200)];
        in.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static LoadException lost(Client client, String why) {
        return new LoadException("connection " + client.index + " in state " + client.state + ": " + why);
    }

    @Override
    public void close() throws IOException {
        for (Client client : clients) {
            client.channel().close();
        }
        selector.close();
    }
}
