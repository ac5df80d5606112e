package dev.realtime.internal.users;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What has been decided about a user as the store keeps it: one line for each thing. Lines that this version does not know are kept. */
final class UserFactsText {
    private UserFactsText() {}

    /** @param version of the value: that of a login which was written with it */
    static UserFacts parse(@Nullable String text, long version) {
        if (text == null || text.isEmpty()) {
            return UserFacts.NONE;
        }
        Map<String, Long> ends = new TreeMap<>();
        Map<String, List<Login>> logins = new TreeMap<>();
        FormerLogins former = FormerLogins.NONE;
        List<String> others = new ArrayList<>();
        UserFacts.Revocation credentials = null;
        for (String line : text.split("\n", -1)) {
            String[] words = line.split(" ", -1);
            try {
                switch (words[0]) {
                    case "mute", "restrict" -> ends.put(words[0], Long.parseLong(words[1]));
                    case "grant", "revoke" -> ends.put(words[0] + " " + Word.read(words[2]), Long.parseLong(words[1]));
                    case "credentials" ->
                        credentials = new UserFacts.Revocation(Long.parseLong(words[1]), Long.parseLong(words[2]));
                    case "login" -> {
                        Login login = login(words, version);
                        logins.computeIfAbsent(Word.read(words[8]), namespace -> new ArrayList<>())
                                .add(login);
                    }
                    case FormerLogins.REPLACED, FormerLogins.SESSIONS -> former = former.read(words);
                    default -> others.add(line);
                }
            } catch (RuntimeException notOurs) {
                others.add(line);
            }
        }
        return new UserFacts(ends, credentials, logins, former, List.copyOf(others));
    }

    private static Login login(String[] words, long version) {
        long fence = Long.parseLong(words[1]);
        String privateId = Word.read(words[4]);
        String asked = Word.read(words[5]);
        return new Login(
                Word.read(words[3]),
                privateId.isEmpty() ? null : privateId,
                asked.isEmpty() ? null : asked,
                Word.read(words[6]),
                Word.read(words[7]),
                fence == 0 ? version : fence,
                Long.parseLong(words[2]));
    }

    /** All of it, for the store. */
    static String of(UserFacts facts) {
        return text(facts, true);
    }

    /** The same for the log, which more can read than the store: without what a client proves by that a session is its own. */
    static String announced(UserFacts facts) {
        return text(facts, false);
    }

    private static String text(UserFacts facts, boolean withPrivateIds) {
        List<String> lines = new ArrayList<>();
        facts.ends().forEach((what, end) -> {
            int space = what.indexOf(' ');
            lines.add(
                    space < 0
                            ? what + " " + end
                            : what.substring(0, space) + " " + end + " " + Word.written(what.substring(space + 1)));
        });
        UserFacts.Revocation credentials = facts.credentials();
        if (credentials != null) {
            lines.add("credentials " + credentials.issuedUntil() + " " + credentials.until());
        }
        facts.logins()
                .forEach((namespace, there) ->
                        there.forEach(login -> lines.add(line(namespace, login, withPrivateIds))));
        lines.addAll(facts.former().lines());
        lines.addAll(facts.others());
        return String.join("\n", lines);
    }

    /** A login, as the store keeps it. */
    static String line(String namespace, Login login) {
        return line(namespace, login, true);
    }

    private static String line(String namespace, Login login, boolean withPrivateIds) {
        return String.join(
                " ",
                "login",
                Long.toString(login.fence()),
                Long.toString(login.until()),
                Word.written(login.session()),
                withPrivateIds ? Word.written(login.privateId()) : "",
                withPrivateIds ? Word.written(login.asked()) : "",
                Word.written(login.node()),
                Word.written(login.epoch()),
                Word.written(namespace));
    }
}
