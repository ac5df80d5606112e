package dev.realtime.internal.users;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What is remembered of sessions that were logins of a user and are not any more, in each namespace: up to which fence a later login took the place of
 * them, so that none of those comes back; and which they were, so that it is known of a client that asks for one that it was logged in before whoever is
 * there now. Immutable.
 */
final class FormerLogins {
    static final FormerLogins NONE = new FormerLogins(new TreeMap<>(), new TreeMap<>());

    /** How long it is remembered whose place a login took: longer than a session waits for its client or for an heir. */
    private static final Duration REPLACED_LIFE = Duration.ofHours(1);

    /** A device that slept for a night does not put out the one that is used in the morning. */
    private static final Duration SESSIONS_LIFE = Duration.ofDays(1);

    /** First words of lines. */
    static final String REPLACED = "replaced";

    static final String SESSIONS = "former";

    private static final int MOST = 16; // in a namespace

    /** Of all lines together: whoever has logged in under many names of a pattern is remembered for the last of them. */
    private static final int MOST_CHARS = 4_096;

    private static final int MARK_BYTES = 9;

    private final Map<String, Replaced> replaced; // by namespace
    private final Map<String, Sessions> sessions; // by namespace

    /**
     * Those whose place a later login took, even if that has gone.
     *
     * @param fence the highest of theirs
     * @param until when that is forgotten, in milliseconds of the store's clock
     */
    private record Replaced(long fence, long until) {}

    /**
     * The last that have ended or had to go.
     *
     * @param until when they are forgotten, in milliseconds of the store's clock
     * @param marks of their private ids, the newest last; no session can be had by a mark
     */
    private record Sessions(long until, List<String> marks) {}

    private FormerLogins(Map<String, Replaced> replaced, Map<String, Sessions> sessions) {
        this.replaced = replaced;
        this.sessions = sessions;
    }

    boolean isNothing() {
        return replaced.isEmpty() && sessions.isEmpty();
    }

    /** Whether a later login took the place of the one with that fence. */
    boolean isReplaced(String namespace, long fence) {
        Replaced older = replaced.get(namespace);
        return older != null && fence <= older.fence;
    }

    /** Whether that is the fence of the newest whose place a later login took. */
    boolean isLastReplaced(String namespace, long fence) {
        Replaced older = replaced.get(namespace);
        return older != null && fence == older.fence;
    }

    /** @param privateId that a client asks for, or anything else */
    boolean has(String namespace, String privateId) {
        Sessions known = sessions.get(namespace);
        return known != null && known.marks.contains(mark(privateId));
    }

    /** The latest of all ends; 0 if there is nothing. */
    long lastEnd() {
        long last = 0;
        for (Replaced older : replaced.values()) {
            last = Math.max(last, older.until);
        }
        for (Sessions known : sessions.values()) {
            last = Math.max(last, known.until);
        }
        return last;
    }

    // ---- what happens

    /** A login has had to go for a later one. */
    FormerLogins replaced(String namespace, Login login, long now) {
        Map<String, Replaced> changed = new TreeMap<>(replaced);
        Replaced before = changed.getOrDefault(namespace, new Replaced(0, 0));
        changed.put(namespace, new Replaced(Math.max(before.fence, login.fence()), now + REPLACED_LIFE.toMillis()));
        return new FormerLogins(changed, sessions).and(namespace, login, now).bounded();
    }

    /** A login has ended. */
    FormerLogins and(String namespace, Login login, long now) {
        Sessions before = sessions.get(namespace);
        List<String> marks = new ArrayList<>(before == null ? List.of() : before.marks);
        marksOf(login).forEach(mark -> {
            marks.remove(mark);
            marks.add(mark);
        });
        if (marks.isEmpty()) {
            return this;
        }
        Map<String, Sessions> changed = new TreeMap<>(sessions);
        List<String> newest = List.copyOf(marks.subList(Math.max(0, marks.size() - MOST), marks.size()));
        changed.put(namespace, new Sessions(now + SESSIONS_LIFE.toMillis(), newest));
        return new FormerLogins(replaced, changed).bounded();
    }

    /** Without the names of which it is the longest ago, as far as there are too many. */
    private FormerLogins bounded() {
        int chars = chars();
        if (chars <= MOST_CHARS) {
            return this;
        }
        Map<String, Replaced> older = new TreeMap<>(replaced);
        Map<String, Sessions> known = new TreeMap<>(sessions);
        while (chars > MOST_CHARS && older.size() + known.size() > 2) {
            if (known.size() > older.size()) {
                dropFirst(known, Sessions::until);
            } else {
                dropFirst(older, Replaced::until);
            }
            chars = new FormerLogins(older, known).chars();
        }
        return new FormerLogins(older, known);
    }

    private static <T> void dropFirst(Map<String, T> names, ToLongFunction<T> until) {
        names.entrySet().stream()
                .min(Comparator.comparingLong(entry -> until.applyAsLong(entry.getValue())))
                .ifPresent(first -> names.remove(first.getKey()));
    }

    /** How long its lines are. */
    int chars() {
        return lines().stream().mapToInt(line -> line.length() + 1).sum();
    }

    /** Of the session, and of the one that its client asks for as long as it has not heard of that. */
    private static List<String> marksOf(Login login) {
        return Stream.of(Optional.ofNullable(login.asked()), Optional.ofNullable(login.privateId()))
                .flatMap(Optional::stream)
                .map(FormerLogins::mark)
                .toList();
    }

    private static String mark(String privateId) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(privateId.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest, MARK_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java runtime has SHA-256", e);
        }
    }

    boolean hasEnded(long now) {
        for (Replaced older : replaced.values()) {
            if (older.until <= now) {
                return true;
            }
        }
        for (Sessions known : sessions.values()) {
            if (known.until <= now) {
                return true;
            }
        }
        return false;
    }

    /** The same without what is forgotten by now. */
    FormerLogins at(long now) {
        if (!hasEnded(now)) {
            return this;
        }
        Map<String, Replaced> older = new TreeMap<>(replaced);
        older.values().removeIf(fences -> fences.until <= now);
        Map<String, Sessions> known = new TreeMap<>(sessions);
        known.values().removeIf(marks -> marks.until <= now);
        return new FormerLogins(older, known);
    }

    // ---- as a text

    /** @param words of a line of {@link #lines} */
    FormerLogins read(String[] words) {
        Map<String, Replaced> older = new TreeMap<>(replaced);
        Map<String, Sessions> known = new TreeMap<>(sessions);
        String namespace = Word.read(words[3]);
        if (words[0].equals(REPLACED)) {
            older.put(namespace, new Replaced(Long.parseLong(words[1]), Long.parseLong(words[2])));
        } else {
            known.put(namespace, new Sessions(Long.parseLong(words[1]), List.of(words[2].split(",", -1))));
        }
        return new FormerLogins(older, known);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        replaced.forEach((namespace, older) ->
                lines.add(REPLACED + " " + older.fence + " " + older.until + " " + Word.written(namespace)));
        sessions.forEach((namespace, known) -> lines.add(
                SESSIONS + " " + known.until + " " + String.join(",", known.marks) + " " + Word.written(namespace)));
        return lines;
    }
}
