package dev.realtime.simulation;

import java.util.List;

/** Faults in what is put down for those together whose clients are behind. */
final class LaggardMutants {
    static final List<Mutant> ALL = List.of(
            new Mutant(
                    "give those who are behind what they are excepted from",
                    List.of("I1", "I4"),
                    "rooms/LaggingRooms",
                    "                except(excepted, position, room);",
                    "                java.util.Objects.requireNonNull(excepted);"),
            new Mutant(
                    "give those who are behind what comes after they have left",
                    List.of("I1", "I4"),
                    "rooms/Membership",
                    "        ending = true;\n        member.endLag();",
                    "        ending = true;"),
            new Mutant(
                    "let another event overtake what was put down for those who are behind",
                    List.of("I1", "I4"),
                    "outbox/Outbox",
                    "                held.endLag();\n                if (sink != null",
                    "                if (sink != null"),
            new Mutant(
                    "write on before taking in what was put down meanwhile",
                    List.of("I1", "I4"),
                    "outbox/Outbox",
                    "                held.endLag();\n                held.endWrite();",
                    "                held.endWrite();"),
            new Mutant(
                    "take what was put down for everybody's although one has gone on by itself",
                    List.of("I1", "I4"),
                    "outbox/Laggards",
                    "return latest == message && end >= count;",
                    "return latest == message;"),
            new Mutant(
                    "pass over those who have gone on by themselves",
                    List.of("I1", "I4"),
                    "rooms/LaggardSeats",
                    "        laggards.leaveSeats(seats);\n",
                    ""),
            new Mutant(
                            "pass over who has come to the place of one who was behind",
                            List.of("I1", "I4"),
                            "rooms/RoomMembers",
                            "            places.andNot(moved);\n",
                            "")
                    .from(2017),
            new Mutant(
                            "take one that has left for the same who has joined again",
                            List.of("I1", "I4"),
                            "rooms/RoomIndex",
                            "                if (membership.isOpen()) {\n                    seats.add(",
                            "                if (membership.slot >= 0) {\n                    seats.add(")
                    .from(635),
            new Mutant(
                    "count what was put down for one who has gone for ever",
                    List.of("I15"),
                    "outbox/HeldMessages",
                    "change -= OutboundBudget.LAG + lag.letGo();",
                    "change -= OutboundBudget.LAG;"));

    private LaggardMutants() {}
}
