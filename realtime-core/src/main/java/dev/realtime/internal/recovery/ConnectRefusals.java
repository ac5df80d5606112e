package dev.realtime.internal.recovery;

import dev.realtime.ConnectRefusedException;
import dev.realtime.ErrorCode;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.session.Payloads;
import dev.realtime.internal.session.SessionConnection;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.EventData;
import dev.realtime.spi.JsonCodec.EncodeException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells clients, and the log, why they are not let into a namespace. Thread-safe. */
public final class ConnectRefusals {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectRefusals.class);

    private final Payloads payloads;
    private final BoundedLog lines;

    /** @param payloads encodes what a refusal says besides its message */
    public ConnectRefusals(Payloads payloads, BoundedLog lines) {
        this.payloads = payloads;
        this.lines = lines;
    }

    public void refuse(SessionConnection connection, String namespace, ErrorCode code) {
        refuse(connection, namespace, new ConnectRefusedException(code));
    }

    public void refuse(SessionConnection connection, String namespace, ConnectRefusedException refused) {
        String address = connection.request().remoteAddress();
        if (LOG.isDebugEnabled()) {
            lines.debug(
                    LOG,
                    AddressKey.of(address),
                    "the client at {} was refused in {}: {}",
                    address,
                    namespace,
                    refused.getMessage());
        }
        connection.send(OutboundMessage.control(
                PacketEncoder.of(namespace).connectError(refused.getMessage(), data(refused, address))));
        connection.flush();
    }

    private byte @Nullable [] data(ConnectRefusedException refused, String address) {
        if (refused.data().isEmpty()) {
            return null;
        }
        EventData data;
        try {
            data = payloads.reply(List.of(refused.data()));
        } catch (EncodeException e) {
            lines.error(LOG, AddressKey.of(address), "the data of a refusal cannot be encoded", e);
            return null;
        }
        return Arrays.copyOfRange(data.json(), 1, data.json().length - 1);
    }
}
