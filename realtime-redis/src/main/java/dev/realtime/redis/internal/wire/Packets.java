package dev.realtime.redis.internal.wire;

import dev.realtime.spi.EventData;

/** Upstream's {@code packet}: an event for clients. */
final class Packets {
    private static final int EVENT = 2;

    private Packets() {}

    /** Writes the member {@code packet}. */
    static void write(EventData event, MsgpackWriter out) {
        out.string("packet").map(2).string("type").integer(EVENT).string("data");
        JsonToMsgpack.arguments(event, out);
    }
}
