package dev.realtime.redis.internal.wire;

import dev.realtime.spi.EventTerms;
import org.jspecify.annotations.Nullable;

/** Reads an entry's data where it is msgpack: there are binary values in it. */
final class EntryMsgpack {
    private EntryMsgpack() {}

    /** @param maxRooms in each list */
    static EntryParts read(byte[] message, int maxRooms) throws BadWireException {
        MsgpackValue.Members data = MsgpackValue.message(message).members();
        EntryParts parts = new EntryParts();
        MsgpackValue packet = data.find("packet");
        if (packet != null) {
            MsgpackValue.Members members = packet.members();
            MsgpackValue type = members.find("type");
            if (type != null && type.integer() != 2) {
                throw new BadWireException("a packet that is not an event");
            }
            parts.event = members.get("data").event();
            parts.wantsAcknowledgement = members.find("id") != null;
        }
        MsgpackValue options = data.find("opts");
        parts.options = options == null ? null : BroadcastOptions.read(options, maxRooms);
        MsgpackValue rooms = data.find("rooms");
        parts.rooms = rooms == null ? null : rooms.names(maxRooms);
        @Nullable MsgpackValue close = data.find("close");
        parts.closes = close != null && close.bool();
        MsgpackValue terms = data.find(TermsCodec.NAME);
        parts.terms = terms == null ? EventTerms.NONE : TermsCodec.read(terms);
        MsgpackValue node = data.find("node");
        parts.node = node == null ? null : node.text();
        return parts;
    }
}
