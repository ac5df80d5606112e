package dev.realtime.internal.state;

import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.node.Lifetime;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.session.DeclaredState;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.Payloads;
import dev.realtime.spi.Backend;
import dev.realtime.spi.JsonCodec;
import dev.realtime.spi.Log;
import dev.realtime.state.StateChange;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * What the states of a namespace stand on.
 *
 * @param namespace its name
 * @param writes numbers the writes of this node: those of a namespace that has ended and comes again have other numbers
 * @param tell tells the application of a change
 */
public record StateParts(
        List<DeclaredState<?>> declared,
        String namespace,
        NodeRuntime runtime,
        Backend backend,
        JsonCodec json,
        Payloads payloads,
        Log log,
        Fanout<LocalSession> fanout,
        RoomIndex<LocalSession> rooms,
        Lifetime lifetime,
        LongSupplier writes,
        BiConsumer<DeclaredState<?>, StateChange<?>> tell) {}
