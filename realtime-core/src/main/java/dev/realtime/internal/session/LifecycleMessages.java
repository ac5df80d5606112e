package dev.realtime.internal.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.realtime.DisconnectReason;
import dev.realtime.Position;
import dev.realtime.events.LifecycleEvents;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Time;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told of the transitions of its session; {@link LifecycleEvents} has the names and forms. It belongs to one connection: nothing of it is in the log, and nothing
 * is replayed. Thread-safe.
 */
final class LifecycleMessages {
    private static final byte[] FEATURES = ",\"features\":".getBytes(UTF_8);
    private static final byte[] END = "}]".getBytes(UTF_8);

    private final LifecycleEvents names;
    private final Payloads payloads;
    private final PacketEncoder encoder;
    private final Time time;
    private final Supplier<Position> passed;

    /** @param passed how far the fan-out has come */
    LifecycleMessages(
            LifecycleEvents names, Payloads payloads, PacketEncoder encoder, Time time, Supplier<Position> passed) {
        this.names = names;
        this.payloads = payloads;
        this.encoder = encoder;
        this.time = time;
        this.passed = passed;
    }

    /**
     * The session has begun. In the fan-out's turn.
     *
     * @param features a JSON array with what the application says; null: nothing
     */
    List<OutboundMessage> confirmed(LocalSession session, @Nullable EventData features) {
        String name = names.confirmed().orElse(null);
        if (name == null) {
            return List.of();
        }
        Map<String, Object> confirmed = new LinkedHashMap<>();
        confirmed.put("socketId", session.id());
        confirmed.put("serverTime", now());
        EventData event = payloads.event(name, confirmed);
        return List.of(message(session, features == null ? event : with(features, event), passed.get()));
    }

    /** Puts features at the end of the only argument. They have been encoded before, where the application's code may run. */
    private static EventData with(EventData features, EventData event) {
        byte[] json = event.json();
        byte[] value = Arrays.copyOfRange(features.json(), 1, features.json().length - 1);
        int kept = json.length - END.length;
        byte[] all = Arrays.copyOf(json, kept + FEATURES.length + value.length + END.length);
        System.arraycopy(FEATURES, 0, all, kept, FEATURES.length);
        System.arraycopy(value, 0, all, kept + FEATURES.length, value.length);
        System.arraycopy(END, 0, all, all.length - END.length, END.length);
        return new EventData(all, features.attachments());
    }

    /**
     * The session goes on.
     *
     * @param since the client has everything up to here
     */
    List<OutboundMessage> restored(LocalSession session, Position since) {
        List<OutboundMessage> messages = new ArrayList<>(2);
        names.reconnected().ifPresent(name -> messages.add(message(session, payloads.event(name), since)));
        names.sessionRestored()
                .ifPresent(name -> messages.add(message(session, payloads.event(name, List.of()), since)));
        names.connectionRestored().ifPresent(name -> {
            Map<String, Object> restored = new LinkedHashMap<>();
            restored.put("restoredAt", now());
            restored.put("recoveredRooms", session.memberships().openCount());
            messages.add(message(session, payloads.event(name, restored), since));
        });
        return messages;
    }

    /** The server ends the session; null if its client is not told. */
    @Nullable
    OutboundMessage disconnected(LocalSession session, DisconnectReason reason) {
        String name = names.disconnected().orElse(null);
        return name == null ? null : message(session, payloads.event(name, reason.code()), passed.get());
    }

    private long now() {
        return time.now().toEpochMilli();
    }

    /** The official client takes any text in the last place for an offset, even the name of an event without arguments: so each has a true one. */
    private OutboundMessage message(LocalSession session, EventData event, Position at) {
        return OutboundMessage.control(encoder.event(event, -1, session.privateId() == null ? null : at.toString()));
    }
}
