package dev.realtime.testkit.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One fault planted in one line of the engine's source.
 *
 * @param file below the engine's internal packages, without its ending
 * @param original must occur exactly once
 */
record Mutant(String name, String file, String original, String replacement) {
    private static final Path SOURCES = Path.of("../realtime-core/src/main/java/dev/realtime/internal");

    static final List<Mutant> ALL = List.of(
            new Mutant(
                    "deliver to the sessions here before the log has the event",
                    "namespace/Selection",
                    "return append(new LogEntry.Emit(target, data));",
                    "scope.fanout().emit(new dev.realtime.internal.fanout.VolatileEmit(target, data, null, false), scope.log().tail()); return append(new LogEntry.Emit(target, data));"),
            new Mutant(
                    "forget the position of a leave in the record",
                    "session/RoomStays",
                    "record.add(new RoomStay(stay.room(), stay.joined(), stay.left()));",
                    "record.add(new RoomStay(stay.room(), stay.joined(), null));"),
            new Mutant(
                    "record open stays only",
                    "session/RoomStays",
                    "record.add(new RoomStay(stay.room(), stay.joined(), stay.left()));",
                    "if (stay.isOpen()) record.add(new RoomStay(stay.room(), stay.joined(), stay.left()));"),
            new Mutant(
                    "forget ended stays without waiting for the client",
                    "session/RoomStays",
                    "return left != null && !left.isAfter(confirmed);",
                    "return left != null;"),
            new Mutant(
                    "delete the session before it has been looked at",
                    "namespace/Resume",
                    "        } else if (!isSame(session.principal())) {",
                    "        } else if (context.backend().sessions().remove(privateId, session.fence()) == null || !isSame(session.principal())) {"),
            new Mutant(
                    "begin a replay with the last event that the client has",
                    "fanout/ReplayWindow",
                    "if (!delivery.position().isAfter(after)) {",
                    "if (delivery.position().isBefore(after)) {"),
            new Mutant(
                    "begin a replay one place too late",
                    "namespace/CatchUp",
                    "for (Delivery delivery : recent) {",
                    "for (Delivery delivery : recent.subList(Math.min(1, recent.size()), recent.size())) {"),
            new Mutant(
                    "replay to everybody what rooms were excepted from",
                    "rooms/RoomIndex",
                    "if (!presence.covers(position) || isExcepted(member, target, position)) {",
                    "if (!presence.covers(position)) {"),
            new Mutant(
                    "deliver to those who are excepted",
                    "rooms/RoomIndex",
                    "if (stay.covers(position) && !isExcepted(stay.member(), target, position)) {",
                    "if (stay.covers(position)) {"),
            new Mutant(
                    "deliver twice to members of two rooms",
                    "rooms/RoomIndex",
                    "if (seen == null || isNew(stay.member(), seen, position)) {",
                    "if (true) {"),
            new Mutant(
                    "a join lets the event before it in",
                    "rooms/Stay",
                    "return position.isAfter(joined) &&",
                    "return !position.isBefore(joined) &&"),
            new Mutant(
                    "a leave keeps the event before it out",
                    "rooms/Stay",
                    "(end == null || !position.isAfter(end));",
                    "(end == null || position.isBefore(end));"),
            new Mutant(
                    "a leave forgets what is still on its way",
                    "rooms/RoomIndex",
                    "if (end != null && passed.get().isBefore(end)) {",
                    "if (end == null) {"),
            new Mutant(
                    "join from where the fan-out is, not from the end of the log",
                    "namespace/LocalNamespace",
                    "new RoomIndex<>(log::tail, passed::position, this::presenceOf)",
                    "new RoomIndex<>(passed::position, passed::position, this::presenceOf)"),
            new Mutant(
                    "ignore a change of the epoch",
                    "cluster/EpochWatch",
                    "        if (newEpoch) {",
                    "        if (newEpoch && context == null) {"),
            new Mutant(
                    "volatile events without an offset",
                    "fanout/Fanout",
                    "encoder.event(emit.event().json(), emit.event().attachments(), -1, stamp()),",
                    "encoder.event(emit.event().json(), emit.event().attachments(), -1, null),"),
            new Mutant(
                    "volatile events with the offset of the last volatile event",
                    "fanout/Fanout",
                    "        position = at;\n        stamp = null;",
                    "        position = at;"),
            new Mutant(
                    "take a ping for its pong",
                    "session/LocalSession",
                    "            pinged = passed;",
                    "            pinged = passed; confirm(passed);"),
            new Mutant(
                    "take a client for up to date that is still being told",
                    "session/LocalSession",
                    "        if (life.live() != null) {\n            pinged",
                    "        if (true) {\n            pinged"),
            new Mutant(
                    "anybody may have the session",
                    "namespace/Resume",
                    "if (known == null) {\n            return true;",
                    "if (known != this) {\n            return true;"),
            new Mutant(
                    "rooms are not looked at again",
                    "namespace/Resume",
                    "if (!scope.behaviour().roomRule().test(principal, room)) {",
                    "if (room == null) {"),
            new Mutant(
                    "do not wait for what the client has seen elsewhere",
                    "namespace/Resume",
                    "if (sent != null && sent.isAfter(scope.fanout().position())) {",
                    "if (sent != null && sent.isAfter(Position.END)) {"),
            new Mutant(
                    "forget what audiences were told while a session had no home",
                    "namespace/Restore",
                    "            recent.forEach(replay::apply);\n",
                    ""),
            new Mutant(
                    "go on from a copy that was overtaken",
                    "namespace/Restore",
                    "known.life().isOutdated(session.fence())",
                    "known.life().isOutdated(0)"),
            new Mutant(
                    "end a burial that has not begun",
                    "cluster/Burial",
                    "} else if (page.isEmpty()) {",
                    "} else if (page != null) {"),
            new Mutant(
                    "never end a burial", "cluster/Burial", "context.backend().leases().end(dead);", "LOG.info(dead);"),
            new Mutant(
                    "bury nobody",
                    "cluster/NodeLife",
                    "context.workers().execute(() -> dead.forEach(burial::bury));",
                    "context.workers().execute(() -> dead.forEach(known -> {}));"),
            new Mutant(
                    "adopt without a claim",
                    "cluster/Burial",
                    "return store.claim(session.privateId(), context.node())",
                    "return store.find(session.privateId())"),
            new Mutant(
                    "say the end of a session twice",
                    "session/SessionLife",
                    "            listeners.disconnected(reason);",
                    "            listeners.disconnected(reason); listeners.disconnected(reason);"),
            new Mutant(
                    "say nothing of the end of a session",
                    "session/SessionLife",
                    "            listeners.disconnected(reason);",
                    "            reason.code();"),
            new Mutant(
                    "close without leaving the rooms",
                    "session/SessionLife",
                    "        session.stays().leaveAll();\n        lose(unanswered);",
                    "        lose(unanswered);"),
            new Mutant(
                    "say nothing of a fresh session",
                    "session/SessionLife",
                    "        if (fresh != null) {",
                    "        if (fresh == FreshReason.LOG_TRIMMED) {"),
            new Mutant(
                    "acknowledge before the record is written",
                    "session/Answer",
                    "if (recorded.toCompletableFuture().isDone()) {",
                    "if (recorded != null) {"),
            new Mutant(
                    "handle the next event while the last one is being handled",
                    "session/Mailbox",
                    "            if (pending != null) {\n                flush.run();",
                    "            if (pending != null && pending == flush) {\n                flush.run();"),
            new Mutant(
                    "write only the first of two changes",
                    "session/Recorder",
                    "following = ended ? null : next;",
                    "following = null;"),
            new Mutant(
                    "go live before everything has been told",
                    "namespace/CatchUp",
                    "send(missed, scope.fanout().position(), true);",
                    "send(missed.subList(0, missed.size() / 2), scope.fanout().position(), true);"),
            new Mutant(
                    "leave the record of a session that has ended",
                    "session/HomeRecord",
                    "if (reason == DisconnectReason.SERVER_STOPPING || reason == DisconnectReason.TAKEN_OVER) {",
                    "if (reason != null) {"));

    Path path() {
        return SOURCES.resolve(file + ".java");
    }

    /** The whole source with the fault in it. */
    String source() {
        try {
            String source = Files.readString(path());
            int at = source.indexOf(original);
            if (at < 0 || source.indexOf(original, at + 1) >= 0) {
                throw new AssertionError("'" + original + "' must occur once in " + path());
            }
            return source.replace(original, replacement);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
