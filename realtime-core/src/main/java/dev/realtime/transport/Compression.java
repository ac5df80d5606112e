package dev.realtime.transport;

/**
 * WebSocket compression (permessage-deflate, RFC 7692) where the client offers it. Messages are compressed without context takeover,
 * so that one compressed message serves every recipient. In a servlet container the container compresses, each message for each
 * recipient, and decides itself which.
 *
 * @param enabled off by default, as upstream: compressing costs more CPU than most games save in traffic
 * @param threshold messages of fewer bytes are sent as they are; default 1,024
 */
public record Compression(boolean enabled, int threshold) {
    public static final Compression OFF = new Compression(false, 1024);

    public Compression {
        if (threshold < 0) {
            throw new IllegalArgumentException("compression threshold must not be negative, but is " + threshold);
        }
    }

    /** Compression of messages above 1,024 bytes. */
    public static Compression on() {
        return new Compression(true, 1024);
    }

    public Compression threshold(int bytes) {
        return new Compression(enabled, bytes);
    }
}
