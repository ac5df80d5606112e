package dev.realtime.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One fault planted in one line of the engine's source.
 *
 * @param shows the invariants that it breaks; another violation is not taken for it
 * @param file below the engine's internal packages, without its ending
 * @param original must occur exactly once
 * @param under what is to find it; null: what its list is for
 * @param from the seed to begin with: one that showed it, if few do. When the dice fall otherwise by now, all are tried
 */
record Mutant(
        String name,
        List<String> shows,
        String file,
        String original,
        String replacement,
        @Nullable Simulated under,
        long from) {
    private static final Path SOURCES = Path.of("../realtime-core/src/main/java/dev/realtime/internal");

    static final List<Mutant> ALL = List.of(
            new Mutant(
                    "answer before what the handler emitted has its place",
                    List.of("I22"),
                    "session/Answer",
                    "boolean mayLeave = before == null || session.emits().isPassed(before);",
                    "boolean mayLeave = true;"),
            new Mutant(
                    "say goodbye before the last words have their place",
                    List.of("I22"),
                    "session/SessionClosing",
                    "} else if (mine != null && first) {",
                    "} else if (mine != null && first) { mine.end();"),
            new Mutant(
                            "say goodbye to a client that is being resumed before it has been caught up with",
                            List.of("I22"),
                            "session/SessionState",
                            "return phase == Phase.CONNECTED || phase == Phase.RESUMING;",
                            "return phase == Phase.CONNECTED;")
                    .from(792),
            new Mutant(
                    "say the end of a session that another node has",
                    List.of("I17"),
                    "session/OwnedRecord",
                    "return known;",
                    "return known == null ? known : Fate.OURS;"),
            new Mutant(
                            "answer a change of a session that has been claimed since",
                            List.of("I4"),
                            "session/RecordWriter",
                            "if (cause instanceof SessionStore.FencedException) {",
                            "if (cause instanceof SessionStore.FencedException) { current.complete(null);")
                    .from(11456),
            new Mutant(
                    "close the connections of a stopping node before handlers are done",
                    List.of("I19"),
                    "engine/Drain",
                    "return deadline.withinHalf(handled())",
                    "closed(); return deadline.withinHalf(handled())"),
            new Mutant(
                    "ask a client to move before what it has sent is answered",
                    List.of("I19"),
                    "engineio/EngineSocket",
                    "        listener.leaving()",
                    "        closeGracefully(DisconnectReason.SERVER_STOPPING); listener.leaving()"),
            new Mutant(
                    "let two resumes at once both have the session",
                    List.of("I1", "I2", "I4", "I17"),
                    "recovery/Resume",
                    ".claim(attempt.privateId(), scope.runtime().node(), attempt.claimant())",
                    ".find(attempt.privateId()).thenApply(found -> found.isEmpty() ? new Claim.Unknown() : new"
                            + " Claim.Granted(found.get(), found.get().home(), java.time.Duration.ZERO))"),
            new Mutant(
                    "give a session back that has ended here",
                    List.of("I1", "I4", "I17"),
                    "session/EndedSessions",
                    "return privateIds.containsKey(privateId);",
                    "return privateIds.containsKey(\"\");"),
            new Mutant(
                    "deliver to the sessions here before the log has the event",
                    List.of("I1", "I3"),
                    "audience/NamespaceAudience",
                    "return append(contract.name(), entry);",
                    "publisher.emit(new dev.realtime.internal.fanout.VolatileEmit(target, entry.event(), null,"
                            + " false), null); return append(contract.name(), entry);"),
            new Mutant(
                    "forget the position of a leave in the record",
                    List.of("I4"),
                    "session/RoomMemberships",
                    "record.add(new RoomMembership(membership.room(), membership.joined(), membership.left()));",
                    "record.add(new RoomMembership(membership.room(), membership.joined(), null));"),
            new Mutant(
                    "record open memberships only",
                    List.of("I4"),
                    "session/RoomMemberships",
                    "record.add(new RoomMembership(membership.room(), membership.joined(), membership.left()));",
                    "if (membership.isOpen()) record.add(new RoomMembership(membership.room(), membership.joined(),"
                            + " membership.left()));"),
            new Mutant(
                    "forget ended memberships without waiting for the client",
                    List.of("I1", "I4"),
                    "session/RoomMemberships",
                    "return left != null && !left.isAfter(confirmed);",
                    "return left != null;"),
            new Mutant(
                    "group all events of a batch by their type",
                    List.of("I1"),
                    "batches/Batching",
                    "    private byte[] json(List<Gathered> waiting, long millis) {",
                    "    private byte[] json(List<Gathered> unsorted, long millis) { List<Gathered> waiting = new"
                            + " java.util.ArrayList<>(unsorted); waiting.sort(java.util.Comparator.comparing(one -> new"
                            + " String(((BatchedEvent) one).type(), StandardCharsets.UTF_8)));"),
            new Mutant(
                    "let what is not batched overtake what waits to be batched",
                    List.of("I1", "I3"),
                    "outbox/WriteInFlight",
                    "frames.addAll(next.frames());",
                    "frames.addAll(0, next.frames());"),
            new Mutant(
                    "count what was written to a client that was behind for ever",
                    List.of("I15"),
                    "outbox/WriteInFlight",
                    "    void end() {\n        letGo();",
                    "    void end() {"),
            new Mutant(
                    "count what a client that has gone did not take for ever",
                    List.of("I15"),
                    "outbox/HeldMessages",
                    "        inFlight.letGo();\n        settle();",
                    "        settle();"),
            new Mutant(
                    "leave a full batch behind when it is followed by another",
                    List.of("I1"),
                    "outbox/GatheredRun",
                    "if (!waiting.isEmpty() && !hasRoomFor(next)) {",
                    "if (!waiting.isEmpty() && !hasRoomFor(next)) { waiting.clear();"),
            new Mutant(
                    "give a batch the offset of its first event",
                    List.of("I1", "I3"),
                    "batches/Batching",
                    "List.of(), -1, last.offset());",
                    "List.of(), -1, ((BatchedEvent) waiting.get(0)).offset());"),
            new Mutant(
                    "take batches that end with the same event for the same",
                    List.of("I1", "I4"),
                    "batches/BatchedEvent",
                    "if (Arrays.equals(known.numbers, numbers)) {",
                    "if (known.numbers.length > 0) {"),
            new Mutant(
                    "begin a replay with the last event that the client has",
                    List.of("I1"),
                    "fanout/ReplayWindow",
                    "if (block(middle).position(index(middle)).isAfter(after)) {",
                    "if (!block(middle).position(index(middle)).isBefore(after)) {"),
            new Mutant(
                    "begin a replay one place too late",
                    List.of("I1"),
                    "recovery/CatchUp",
                    "for (Delivery delivery : portion.deliveries()) {",
                    "for (Delivery delivery : portion.deliveries().subList(Math.min(1, portion.deliveries().size()),"
                            + " portion.deliveries().size())) {"),
            new Mutant(
                    "replay what has expired",
                    List.of("I26"),
                    "fanout/ReplayWindow",
                    "if (number != before && block.expiry(index) > logNow) {",
                    "if (number != before) {"),
            new Mutant(
                    "deliver what has expired when it comes late",
                    List.of("I26"),
                    "fanout/Distributor",
                    "expiry <= logClock.getAsLong()",
                    "expiry <= 0"),
            new Mutant(
                    "take what may expire for expired",
                    List.of("I1"),
                    "fanout/Distributor",
                    "expiry <= logClock.getAsLong()",
                    "expiry > 0"),
            new Mutant(
                    "replay to everybody what rooms were excepted from",
                    List.of("I4"),
                    "rooms/RoomIndex",
                    "if (!presence.covers(position) || isExcepted(member, target, position)) {",
                    "if (!presence.covers(position)) {"),
            new Mutant(
                    "deliver to those who are excepted",
                    List.of("I4"),
                    "rooms/RoomIndex",
                    "        return membership.covers(position)\n                && !isExcepted(membership.member(), target, position)\n",
                    "        return membership.covers(position)\n"),
            new Mutant(
                    "deliver twice to members of two rooms",
                    List.of("I1"),
                    "rooms/RoomIndex",
                    "|| ((seen == null || isNew(member, seen, position))",
                    "|| (true"),
            new Mutant(
                    "a join lets the event before it in",
                    List.of("I4"),
                    "rooms/Membership",
                    "return position.isAfter(joined) &&",
                    "return !position.isBefore(joined) &&"),
            new Mutant(
                    "a leave keeps the event before it out",
                    List.of("I1"),
                    "rooms/Membership",
                    "(end == null || !position.isAfter(end));",
                    "(end == null || position.isBefore(end));"),
            new Mutant(
                    "a leave forgets what is still on its way",
                    List.of("I1"),
                    "rooms/RoomIndex",
                    "if (end != null && passed.get().isBefore(end)) {",
                    "if (end == null) {"),
            new Mutant(
                    "join from where the fan-out is, not from the end of the log",
                    List.of("I4"),
                    "namespace/NamespaceFactory",
                    "new RoomIndex<>(log::tail, passed::get, sessions::presenceOf)",
                    "new RoomIndex<>(passed::get, passed::get, sessions::presenceOf)"),
            new Mutant(
                    "ignore a change of the epoch",
                    List.of("I7"),
                    "cluster/EpochWatch",
                    "        if (newEpoch) {\n            LOG.warn(",
                    "        if (newEpoch && runtime == null) {\n            LOG.warn("),
            new Mutant(
                    "volatile events without an offset",
                    List.of("I1"),
                    "fanout/VolatileDelivery",
                    "encoder.event(event.json(), event.attachments(), -1, now), emit.coalesceKey());",
                    "encoder.event(event.json(), event.attachments(), -1, null), emit.coalesceKey());"),
            new Mutant(
                    "volatile events with the offset of the last volatile event",
                    List.of("I1", "I3"),
                    "fanout/Distributor",
                    "        position = at;\n        stamp = null;",
                    "        position = at;"),
            new Mutant(
                    "throttled events with the offset of when they came",
                    List.of("I1", "I3"),
                    "fanout/VolatileDelivery",
                    "if (made == null || !Objects.equals(stamp, now)) {",
                    "if (made == null) {"),
            new Mutant(
                    "forget what waits when the interval of a throttle is over",
                    List.of("I27"),
                    "fanout/ThrottledRecipients",
                    "VolatileDelivery event = one.take();",
                    "VolatileDelivery event = one.take(); event = null;"),
            new Mutant(
                    "let the first event that is throttled wait, and forget the later ones",
                    List.of("I27"),
                    "fanout/ThrottledKey",
                    "        take();\n        if (held",
                    "        if (waiting != null) return true;\n        if (held"),
            new Mutant(
                    "take a ping for its pong",
                    List.of("I1"),
                    "session/ReceivedHistory",
                    "            pinged = passed;",
                    "            pinged = passed; confirm(passed);"),
            new Mutant(
                    "forget what does not fit one portion of a replay",
                    List.of("I1"),
                    "recovery/CatchUp",
                    "if (sent >= 0 && portion.complete()) {",
                    "reached = scope.fanout().position(); if (sent >= 0) {"),
            new Mutant(
                    "rooms are not looked at again",
                    List.of("I6"),
                    "recovery/SessionReturn",
                    "if (!judged.getOrDefault(room, false)) {",
                    "if (room == null) {"),
            new Mutant(
                    "forget what audiences were told while a session had no home",
                    List.of("I1", "I4"),
                    "recovery/Restore",
                    "            recent.forEach(replay::apply);\n",
                    ""),
            new Mutant(
                    "go on from a copy that was overtaken",
                    List.of("I1", "I4", "I11"),
                    "recovery/Restore",
                    "known.ownership().isOutdated(session.home())",
                    "false"),
            new Mutant(
                    "end a takeover that has not begun",
                    List.of("I9", "I17", "I23"),
                    "cluster/DeadNodeTakeover",
                    "} else if (page.isEmpty()) {",
                    "} else if (page != null) {"),
            new Mutant(
                    "never end a takeover",
                    List.of("I9"),
                    "cluster/DeadNodeTakeover",
                    "backend.leases().endTakeover(dead);",
                    "LOG.info(dead);"),
            new Mutant(
                    "take over no dead node",
                    List.of("I9"),
                    "cluster/LeaseKeeper",
                    "runtime.workers().execute(() -> dead.forEach(takeover::takeOver));",
                    "runtime.workers().execute(() -> dead.forEach(known -> {}));"),
            new Mutant(
                    "adopt without a claim",
                    List.of("I4", "I5", "I9"),
                    "cluster/DeadNodeTakeover",
                    "return store.claimFrom(dead, session.privateId(), runtime.node())",
                    "return store.find(session.privateId())"),
            new Mutant(
                    "say the end of a session twice",
                    List.of("I17"),
                    "session/SessionEnd",
                    "            listeners.disconnected(reason).run();",
                    "            listeners.disconnected(reason).run();\n"
                            + "            listeners.disconnected(reason).run();"),
            new Mutant(
                    "say nothing of the end of a session",
                    List.of("I17"),
                    "session/SessionEnd",
                    "            listeners.disconnected(reason).run();",
                    "            reason.code();"),
            new Mutant(
                    "close without leaving the rooms",
                    List.of("I18"),
                    "session/SessionEnd",
                    "        step(() -> rooms.leaveAll(session)); // after the last write\n",
                    ""),
            new Mutant(
                    "say nothing of a fresh session",
                    List.of("I2"),
                    "session/SessionLifecycle",
                    "        if (fresh != null) {",
                    "        if (fresh == FreshReason.LOG_TRIMMED) {"),
            new Mutant(
                    "acknowledge before the record is written",
                    List.of("I4"),
                    "session/Answer",
                    "if (mayLeave\n                && recorded.isDone()\n"
                            + "                && !recorded.isCompletedExceptionally()\n"
                            + "                && session.deferredAnswers().isEmpty()) {",
                    "if (mayLeave) {"),
            new Mutant(
                    "handle the next event while the last one is being handled",
                    List.of("I17"),
                    "session/Mailbox",
                    "                if (pending != null) {\n                    flush();",
                    "                if (pending != null && pending == flush) {\n                    flush();"),
            new Mutant(
                    "write only the first of two changes",
                    List.of("I4", "I17"),
                    "session/RecordWriter",
                    "following = ended ? null : next;",
                    "following = null;"),
            new Mutant(
                            "go live before everything has been told",
                            List.of("I1"),
                            "recovery/CatchUp",
                            "        } else if (send(rest) >= 0) {\n            if (rest.complete()) {",
                            "        } else if (begun) {\n            if (rest != null) {")
                    .from(711),
            new Mutant(
                    "fill half the window of a new node",
                    List.of("I1"),
                    "recovery/WindowBackfill",
                    "beginning.entries().forEach(past::add);",
                    "beginning.entries().stream().skip(beginning.entries().size() / 2).forEach(past::add);"),
            new Mutant(
                    "leave a gap where the filled window meets what came since",
                    List.of("I1"),
                    "recovery/WindowBackfill",
                    "beginning.entries().forEach(past::add);",
                    "beginning.entries().stream().limit(Math.max(0, beginning.entries().size() -"
                            + " 1)).forEach(past::add);"),
            new Mutant(
                    "forget what audiences were told before a node came",
                    List.of("I1", "I4"),
                    "fanout/OperationWindow",
                    "older.all.descendingIterator().forEachRemaining(all::addFirst);",
                    "older.all.clear();"),
            new Mutant(
                    "replay a portion twice",
                    List.of("I1"),
                    "recovery/CatchUp",
                    "        reached = portion.through();\n        return missed.size();",
                    "        reached = portion.complete() ? reached : portion.through();\n"
                            + "        return missed.size();"),
            new Mutant(
                            "look at a portion beyond what the fan-out has passed",
                            List.of("I1", "I3"),
                            "fanout/RecentLog",
                            "        Position through = passed.get();\n        events.trim",
                            "        Position through = Position.END;\n        events.trim")
                    .from(711),
            new Mutant(
                    "leave the record of a session that has ended",
                    List.of("I2", "I4", "I9", "I17"),
                    "session/OwnedRecord",
                    "if (reason == DisconnectReason.SERVER_STOPPING || reason == DisconnectReason.TAKEN_OVER) {",
                    "if (reason != null) {"),
            new Mutant(
                    "nobody reads on when there is room again",
                    List.of("I17"),
                    "session/SessionInbox",
                    "        if (backlog.remove(cost)) {\n            readOn();",
                    "        if (backlog.remove(cost)) {\n            isFull();"),
            new Mutant(
                    "a WebSocket is not read again",
                    List.of("I17"),
                    "engineio/EngineSocket",
                    "            connection.resumeReading();",
                    "            connection.hashCode();"),
            new Mutant(
                    "a POST that was held is forgotten",
                    List.of("I17"),
                    "engineio/EngineSocket",
                    "            channel.readOn();",
                    "            channel.isHeld();"),
            new Mutant(
                    "what comes while a session is full is dropped",
                    List.of("I17"),
                    "session/SessionInbox",
                    "        if (arrives(from, cost)) {\n            if (!offer",
                    "        if (arrives(from, cost) && !isFull()) {\n            if (!offer"),
            new Mutant(
                    "what waits is pushed in front",
                    List.of("I17"),
                    "session/Mailbox",
                    "        waiting.addLast(task);",
                    "        waiting.addFirst(task);"),
            new Mutant(
                    "what waits when its session ends is never given back",
                    List.of("I24"),
                    "session/SessionInbox",
                    "pipeline.handle(session, from, packet, again);\n        } finally {\n            if (pending == null) {",
                    "pipeline.handle(session, from, packet, again);\n        } finally {\n"
                            + "            if (pending == null && !session.lifecycle().isClosed()) {"),
            new Mutant(
                    "a CONNECT keeps its place when it has been judged",
                    List.of("I24"),
                    "client/ConnectQueue",
                    "            share.leavePlace(connect.cost);\n        }\n    }",
                    "        }\n    }"),
            new Mutant(
                    "the deadline of a connection outlives it",
                    List.of("I18"),
                    "client/ConnectDeadline",
                    "        timer.cancel();",
                    "        timer.hashCode();"),
            new Mutant(
                    "a CONNECT that waits is forgotten",
                    List.of("I17"),
                    "client/ConnectThrottle",
                    "            due.run();",
                    "            due.hashCode();"),
            new Mutant(
                    "nothing is read behind CONNECTs that had to wait",
                    List.of("I17"),
                    "client/ConnectThrottle",
                    "                    holding = false;\n                    break;",
                    "                    break;"),
            new Mutant(
                    "answers that wait for their record leave in reverse order",
                    List.of("I22"),
                    "session/DeferredAnswers",
                    "            waiting.addLast(held);",
                    "            waiting.addFirst(held);"),
            new Mutant(
                    "let a session come back whose removal a failover has lost",
                    List.of("I23"),
                    "cluster/EpochWatch",
                    "            namespaces.ended().removeAgain();\n",
                    ""),
            new Mutant(
                    "say the end of a session although nobody knows who has it",
                    List.of("I23"),
                    "session/OwnedRecord",
                    "ends.untilAnswered(() -> remove(mine, claim(mine)))",
                    "remove(mine, claim(mine))"),
            new Mutant(
                    "take a session that the backend has lost for one that is elsewhere",
                    List.of("I23"),
                    "session/OwnedRecord",
                    "case REMOVED, FORGOTTEN -> Fate.OURS;",
                    "case REMOVED -> Fate.OURS; case FORGOTTEN -> Fate.ELSEWHERE;"),
            new Mutant(
                    "take a record that has gone for one that is elsewhere",
                    List.of("I23"),
                    "session/SessionOwnership",
                    "                default -> closeUnowned();\n            }\n            return",
                    "                default -> closing.close(DisconnectReason.TAKEN_OVER);\n"
                            + "            }\n"
                            + "            return"),
            new Mutant(
                    "take a claim of this node that it did not hear for one of another",
                    List.of("I2", "I9", "I23"),
                    "session/OwnedRecord",
                    "boolean still = holder != null && holder.isThatOf(mine.home());",
                    "boolean still = false;"),
            new Mutant(
                    "admit an event and do not count it",
                    List.of("I13"),
                    "limits/UserBudgets",
                    "                renews |= count(rule, now);\n",
                    ""),
            new Mutant(
                    "count what one user sends for another of the same address",
                    List.of("I13"),
                    "session/SessionRates",
                    "String client = anonymous ? ClientKey.ofAddress(name) : ClientKey.ofUser(name);",
                    "String client = ClientKey.ofAddress(session.remoteAddress());"),
            new Mutant(
                    "forgive a violation as soon as there is another",
                    List.of("I13"),
                    "limits/Violations",
                    "Math.max(due, now) + interval",
                    "now + interval"),
            new Mutant(
                    "warn one violation too late",
                    List.of("I13"),
                    "limits/Violations",
                    "return count >= rules.warnAt() ? Step.WARNED : null;",
                    "return count > rules.warnAt() ? Step.WARNED : null;"),
            new Mutant(
                    "do not say that an event beyond its limit is a violation",
                    List.of("I13"),
                    "session/SessionRates",
                    "if (node.events() == null) {\n            return admit(event, rules, true);",
                    "if (node.events() == null) {\n            return admit(event, rules, false);"),
            new Mutant(
                    "confirm a session that goes on as a new one",
                    List.of("I25"),
                    "session/SessionLifecycle",
                    "messages.restored(session, since).forEach(on::send);",
                    "messages.confirmed(session, null).forEach(on::send);"),
            new Mutant(
                    "end a session without a word",
                    List.of("I25"),
                    "session/SessionEnd",
                    "last.met ? messages",
                    "!last.met ? messages"),
            new Mutant(
                    "tell once more at the next node that a client is away",
                    List.of("I25"),
                    "session/SessionFactory",
                    "from != null && from.absenceTold(),",
                    "from != null && from.absenceTold() && from.epoch().isEmpty(),"),
            new Mutant(
                    "expect every client back in a moment",
                    List.of("I25"),
                    "session/AbsenceNotice",
                    "return telling();\n            }",
                    "await(); return () -> {};\n            }"),
            new Mutant(
                    "tell nobody of a client whose node has died",
                    List.of("I25"),
                    "session/SessionLifecycle",
                    "window.takeOver();\n            if (absence != null) {",
                    "window.takeOver();\n            if (absence == null) {"));

    Mutant(String name, List<String> shows, String file, String original, String replacement) {
        this(name, shows, file, original, replacement, null, 1);
    }

    /** The same, to be found under this. */
    Mutant under(Simulated simulated) {
        return new Mutant(name, shows, file, original, replacement, simulated, from);
    }

    /** The same, shown by few seeds: by this one when it was found last. */
    Mutant from(long seed) {
        return new Mutant(name, shows, file, original, replacement, under, seed);
    }

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
