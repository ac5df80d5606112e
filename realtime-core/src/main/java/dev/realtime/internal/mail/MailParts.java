package dev.realtime.internal.mail;

import dev.realtime.internal.node.Lifetime;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.session.ClientRequests;
import dev.realtime.internal.session.Envelopes;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.mail.MailOptions;
import dev.realtime.spi.Ids;
import dev.realtime.spi.JsonCodec;
import dev.realtime.spi.Log;
import dev.realtime.spi.Queues;

/**
 * What the mail of a namespace uses.
 *
 * @param maxEventSize bytes of a message as its clients get it
 */
public record MailParts(
        String namespace,
        MailOptions options,
        NodeRuntime runtime,
        Lifetime lifetime,
        Queues queues,
        Log log,
        JsonCodec json,
        Envelopes envelopes,
        int maxEventSize,
        Ids ids,
        RoomIndex<LocalSession> rooms,
        ClientRequests clients) {}
