package dev.realtime.simulation;

import java.util.List;

/** Faults in what keeps messages for users, for {@link MailScenario}. */
final class MailMutants {
    static final List<Mutant> ALL = List.of(
            new Mutant(
                    "take a message away from a client that has gone before it acknowledged it",
                    List.of("I16"),
                    "mail/MailCarrier",
                    "source.giveBack(mailbox, item, gone);\n                rest(AGAIN);",
                    "acknowledged.add(item);\n                remove(mailbox);"),
            new Mutant(
                    "take silence for an acknowledgement",
                    List.of("I16"),
                    "mail/MailCarrier",
                    "source.skip(item);\n                rest(Duration.ZERO);",
                    "acknowledged.add(item);\n                remove(mailbox);"),
            new Mutant(
                    "deliver again what is not acknowledged before what is new",
                    List.of("I16"),
                    "mail/MailSource",
                    "if (skipped.has(message)) {\n                    passOver",
                    "if (skipped.has(message) && round < 0) {\n                    passOver"),
            new Mutant(
                    "never deliver again what is not acknowledged",
                    List.of("I16"),
                    "mail/MailSource",
                    "return oldest == null ? done(Look.nothing(taken.next(), taken.at())) : again(mailbox);",
                    "return done(Look.nothing(taken.next(), taken.at()));"),
            new Mutant(
                    "say that a message is stored before it is",
                    List.of("I16"),
                    "mail/NamespaceMail",
                    "return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))\n"
                            + "                    .thenApply(kept -> all.get(all.size() - 1).join());",
                    "return CompletableFuture.completedFuture(parts.log().tail());"),
            new Mutant(
                    "tell no node of a message",
                    List.of("I16"),
                    "mail/NamespaceMail",
                    "parts.log().append(new LogEntry.Note(NOTE, user)).handle(",
                    "CompletableFuture.completedFuture(parts.log().tail()).handle("),
            new Mutant(
                    "forget what was acknowledged before it is removed",
                    List.of("I16"),
                    "mail/AcknowledgedMail",
                    "all = Map.copyOf(left);",
                    "all = Map.copyOf(left);\n            left.clear();"),
            new Mutant(
                    "remove another message that has come under the id of one that was acknowledged",
                    List.of("I16"),
                    "mail/AcknowledgedMail",
                    "queues.removeAt(mailbox, all.keySet())",
                    "queues.remove(mailbox, all.values().stream().map(Queued::id).toList())"),
            new Mutant(
                    "let a look that is over keep others waiting",
                    List.of("I16"),
                    "mail/MailCarrier",
                    "mail.looks().leave(size);",
                    ""),
            new Mutant(
                    "deliver a message that had waited as if it were new",
                    List.of("I16"),
                    "mail/MailVisit",
                    "|| stored.isBefore(since)\n",
                    "\n"),
            new Mutant(
                    "deliver a message again as if it were new",
                    List.of("I16"),
                    "mail/MailCarrier",
                    "there.silentOn(item);",
                    ""),
            new Mutant(
                    "take every message for one that had waited",
                    List.of("I16"),
                    "mail/MailVisit",
                    "return since == null\n",
                    "return since != null\n"),
            new Mutant(
                    "look into no mailbox for a client that comes again",
                    List.of("I16"),
                    "mail/MailCarrier",
                    "if (connection == current || ended) {",
                    "if (connection == current || ended || connection == null && planned != 0) {"),
            new Mutant(
                    "count the questions of every node from one place",
                    List.of("I16"),
                    "session/AckIds",
                    "ids.next().hashCode()",
                    "0"));

    private MailMutants() {}
}
