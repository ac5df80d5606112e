package dev.realtime.internal.engineio;

import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.spi.Frame;
import dev.realtime.transport.Heartbeat;
import java.nio.charset.StandardCharsets;

/** The first packet of each connection, by which its client learns what it has to keep to (Engine.IO protocol v4, "Handshake"). Immutable. */
final class OpenPackets {
    private final String behindUpgrades;

    /** @param maxPayload characters of one message, or bytes of one request */
    OpenPackets(Heartbeat heartbeat, int maxPayload) {
        this.behindUpgrades = "],\"pingInterval\":" + heartbeat.interval().toMillis()
                + ",\"pingTimeout\":" + heartbeat.timeout().toMillis()
                + ",\"maxPayload\":" + maxPayload + "}";
    }

    /** @param upgradable whether the client may go on over a WebSocket */
    OutboundMessage of(String sid, boolean upgradable) {
        String json = "0{\"sid\":\"" + sid + "\",\"upgrades\":[" + (upgradable ? "\"websocket\"" : "") + behindUpgrades;
        return OutboundMessage.control(Frame.text(json.getBytes(StandardCharsets.UTF_8)));
    }
}
