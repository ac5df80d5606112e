package dev.realtime.simulation;

import java.util.List;

/** Faults in what is decided about users, for {@link UsersScenario}. */
final class UserMutants {
    static final List<Mutant> ALL = List.of(
            new Mutant(
                    "tell nobody what has been decided",
                    List.of("I12", "I14"),
                    "users/UserDirectory",
                    "? announcements.user(id, stored.version(), stored.announced())",
                    "? CompletableFuture.completedFuture(null)"),
            new Mutant(
                    "let a client in without looking at what has been decided",
                    List.of("I14"),
                    "users/UserDirectory",
                    "load(user).thenCombine(revoked, (loaded, gone) -> gone)",
                    "revoked"),
            new Mutant(
                    "let the older session stay",
                    List.of("I12"),
                    "users/UserJudge",
                    "session.sendAway(disconnectEvent, rules.newLoginText(), DisconnectReason.LOGGED_IN_ELSEWHERE);",
                    ""),
            new Mutant(
                    "take a login for done although somebody else was faster",
                    List.of("I12", "I14"),
                    "users/UserValues",
                    "return written.isDone()\n",
                    "return written != null\n"),
            new Mutant(
                    "count the end of a mute by the wall clock",
                    List.of("I14"),
                    "node/StoreClock",
                    "        if (!known) {",
                    "        if (time != null) {"),
            new Mutant(
                    "believe older news of a user",
                    List.of("I12", "I14"),
                    "users/KnownUser",
                    "return newVersion > version;",
                    "return newVersion != version;"),
            new Mutant(
                    "write a mute for ever",
                    List.of("I14"),
                    "users/Rights",
                    "return muted ? Math.max(0, mutedUntil - now) : 0;",
                    "return muted ? 1 : 0;"),
            new Mutant(
                    "forget the login with a mute",
                    List.of("I12"),
                    "users/UserFacts",
                    "        return new UserFacts(changed, credentials, logins, former, others);",
                    "        return new UserFacts(changed, credentials, new TreeMap<>(), former, others);"),
            new Mutant(
                    "count one login too few",
                    List.of("I12"),
                    "users/Logins",
                    "if (staying >= most() || newcomer.gone.getAsBoolean()) {",
                    "if (staying > most() || newcomer.gone.getAsBoolean()) {"));

    private UserMutants() {}
}
