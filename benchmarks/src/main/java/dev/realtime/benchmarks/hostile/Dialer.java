package dev.realtime.benchmarks.hostile;

import java.io.IOException;

/**
 * Opens WebSockets to a server on this machine.
 *
 * @param from the address that the server sees, one of 127.0.0.0/8
 * @param receiveBuffer bytes that the kernel takes for a client that does not read; 0 leaves it to the kernel
 * @param compressed whether to ask for permessage-deflate
 */
record Dialer(int port, String from, int receiveBuffer, boolean compressed) {
    Dialer(int port, String from) {
        this(port, from, 0, false);
    }

    Dialer from(String address) {
        return new Dialer(port, address, receiveBuffer, compressed);
    }

    /** Clients that soon take no more when they do not read. */
    Dialer withSmallBuffer() {
        return new Dialer(port, from, 4_096, compressed);
    }

    Dialer withCompression() {
        return new Dialer(port, from, receiveBuffer, true);
    }

    /** A connection without a session. */
    WireClient open() throws IOException {
        return WireClient.open(this);
    }

    /** A connection with a session in the main namespace. */
    WireClient connect() throws IOException {
        WireClient client = open();
        client.send("40");
        client.await("40");
        return client;
    }
}
