package dev.realtime.internal.users;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What has been decided about a user. Ends are milliseconds of the store's clock. {@link UserFactsText} is how the store keeps it. Immutable. */
final class UserFacts {
    static final UserFacts NONE = new UserFacts(new TreeMap<>(), null, new TreeMap<>(), FormerLogins.NONE, List.of());

    /** Three quarters of a value. */
    private static final int MOST_LOGIN_CHARS = 12_288;

    private static final String MUTE = "mute";
    private static final String RESTRICT = "restrict";
    private static final String GRANT = "grant ";
    private static final String REVOKE = "revoke ";

    private final Map<String, Long> ends;
    private final @Nullable Revocation credentials;
    private final Map<String, List<Login>> logins;
    private final FormerLogins former;
    private final List<String> others;

    /**
     * All credentials of a user up to a moment.
     *
     * @param issuedUntil those that were issued up to here are refused
     * @param until when that need not be remembered any longer, since they have all ended
     */
    record Revocation(long issuedUntil, long until) {}

    /**
     * @param ends of "mute", "restrict", "grant PERMISSION", "revoke PERMISSION"
     * @param logins by namespace, none empty
     * @param others lines that this version does not know
     */
    UserFacts(
            Map<String, Long> ends,
            @Nullable Revocation credentials,
            Map<String, List<Login>> logins,
            FormerLogins former,
            List<String> others) {
        this.ends = ends;
        this.credentials = credentials;
        this.logins = logins;
        this.former = former;
        this.others = others;
    }

    // ---- what holds

    /** When the user may speak again; 0 if it may. */
    long mutedUntil() {
        return ends.getOrDefault(MUTE, 0L);
    }

    /** When the user may send anything again; 0 if it may. */
    long restrictedUntil() {
        return ends.getOrDefault(RESTRICT, 0L);
    }

    /** The permissions that the user has been given, and until when. */
    Map<String, Long> granted() {
        return endsOf(GRANT);
    }

    /** The permissions that have been taken away, and until when. */
    Map<String, Long> revoked() {
        return endsOf(REVOKE);
    }

    private Map<String, Long> endsOf(String kind) {
        if (ends.isEmpty()) {
            return Map.of();
        }
        Map<String, Long> found = new TreeMap<>();
        ends.forEach((what, end) -> {
            if (what.startsWith(kind)) {
                found.put(what.substring(kind.length()), end);
            }
        });
        return found;
    }

    @Nullable
    Revocation credentials() {
        return credentials;
    }

    /** Those who are logged in. */
    List<Login> logins(String namespace) {
        return logins.getOrDefault(namespace, List.of());
    }

    /** Null if the session is not logged in. */
    @Nullable
    Login login(String namespace, String session) {
        for (Login login : logins(namespace)) {
            if (login.session().equals(session)) {
                return login;
            }
        }
        return null;
    }

    /** The one that has to go first; null if there is none. */
    @Nullable
    Login oldest(String namespace) {
        return logins(namespace).stream()
                .min(Comparator.comparingLong(Login::fence))
                .orElse(null);
    }

    /**
     * Whether a session that is not logged in has had to go for others, who are there or have been.
     *
     * @param fence with which it has logged in; 0 if that is not known: it is older than all then
     * @param most logins at a time
     */
    boolean isReplaced(String namespace, long fence, int most) {
        Login oldest = oldest(namespace);
        boolean isOldest = oldest != null && fence <= oldest.fence();
        return (isOldest && logins(namespace).size() >= most) || former.isReplaced(namespace, fence);
    }

    /** Whether a session that a client asks for was a login of this user, and is not any more. */
    boolean wasLogin(String namespace, String privateId) {
        return former.has(namespace, privateId);
    }

    /** Whether its logins leave room in a value for what is decided. */
    boolean hasRoom() {
        int chars = former.chars();
        for (Map.Entry<String, List<Login>> there : logins.entrySet()) {
            for (Login login : there.getValue()) {
                chars += UserFactsText.line(there.getKey(), login).length() + 1;
            }
        }
        return chars <= MOST_LOGIN_CHARS;
    }

    boolean isNothing() {
        return ends.isEmpty() && credentials == null && logins.isEmpty() && former.isNothing() && others.isEmpty();
    }

    /** The latest of all ends; 0 if there is nothing. */
    long lastEnd() {
        long last = credentials == null ? 0 : credentials.until;
        for (long end : ends.values()) {
            last = Math.max(last, end);
        }
        for (List<Login> there : logins.values()) {
            for (Login login : there) {
                last = Math.max(last, login.until());
            }
        }
        return Math.max(last, former.lastEnd());
    }

    // ---- for its text

    /** Of "mute", "restrict", "grant PERMISSION", "revoke PERMISSION". */
    Map<String, Long> ends() {
        return ends;
    }

    /** By namespace, none empty. */
    Map<String, List<Login>> logins() {
        return logins;
    }

    FormerLogins former() {
        return former;
    }

    /** Lines that this version does not know. */
    List<String> others() {
        return others;
    }

    // ---- what is decided

    UserFacts muted(long until) {
        return with(changed -> changed.put(MUTE, until));
    }

    UserFacts unmuted() {
        return with(changed -> changed.remove(MUTE));
    }

    UserFacts restricted(long until) {
        return with(changed -> changed.put(RESTRICT, until));
    }

    UserFacts unrestricted() {
        return with(changed -> changed.remove(RESTRICT));
    }

    UserFacts granted(String permission, long until) {
        return with(changed -> {
            changed.remove(REVOKE + permission);
            changed.put(GRANT + permission, until);
        });
    }

    UserFacts revoked(String permission, long until) {
        return with(changed -> {
            changed.remove(GRANT + permission);
            changed.put(REVOKE + permission, until);
        });
    }

    /** What the credentials say of a permission holds again. */
    UserFacts undecided(String permission) {
        return with(changed -> {
            changed.remove(GRANT + permission);
            changed.remove(REVOKE + permission);
        });
    }

    UserFacts credentialsRevoked(Revocation revocation) {
        return new UserFacts(ends, revocation, logins, former, others);
    }

    /**
     * A session has logged in, or does so once more.
     *
     * @param leaving the session whose place it takes; null if there is room
     * @param now the store's clock
     */
    UserFacts loggedIn(String namespace, Login login, @Nullable Login leaving, long now) {
        String left = leaving == null ? login.session() : leaving.session();
        Map<String, List<Login>> changed = without(
                there -> there.session().equals(login.session())
                        || there.session().equals(left),
                logins,
                namespace);
        List<Login> there = new ArrayList<>(changed.getOrDefault(namespace, List.of()));
        there.add(login);
        changed.put(namespace, List.copyOf(there));
        FormerLogins gone = leaving == null || leaving.session().equals(login.session())
                ? former
                : former.replaced(namespace, leaving, now);
        return new UserFacts(ends, credentials, changed, gone, others);
    }

    /**
     * A login whose place was taken has that back, since whoever took it never came; unless there is no room, or a later one has had to go since.
     *
     * @param most logins at a time
     */
    UserFacts givenBack(String namespace, Login login, int most) {
        List<Login> there = logins(namespace);
        if (there.size() >= most
                || login(namespace, login.session()) != null
                || !former.isLastReplaced(namespace, login.fence())) {
            return this;
        }
        Map<String, List<Login>> changed = new TreeMap<>(logins);
        List<Login> more = new ArrayList<>(there);
        more.add(login);
        changed.put(namespace, List.copyOf(more));
        return new UserFacts(ends, credentials, changed, former, others);
    }

    /** @param now the store's clock */
    UserFacts loggedOut(String namespace, String session, long now) {
        Login over = login(namespace, session);
        return over == null
                ? this
                : new UserFacts(
                        ends,
                        credentials,
                        without(login -> login.session().equals(session), logins, namespace),
                        former.and(namespace, over, now),
                        others);
    }

    /** @param namespace null: all */
    private static Map<String, List<Login>> without(
            Predicate<Login> gone, Map<String, List<Login>> logins, @Nullable String namespace) {
        Map<String, List<Login>> left = new TreeMap<>();
        logins.forEach((name, there) -> {
            boolean meant = namespace == null || namespace.equals(name);
            List<Login> staying =
                    meant ? there.stream().filter(login -> !gone.test(login)).toList() : there;
            if (!staying.isEmpty()) {
                left.put(name, staying);
            }
        });
        return left;
    }

    private UserFacts with(Consumer<Map<String, Long>> change) {
        Map<String, Long> changed = new TreeMap<>(ends);
        change.accept(changed);
        return new UserFacts(changed, credentials, logins, former, others);
    }

    /** The same without what has ended by now. */
    UserFacts at(long now) {
        if (!hasEnded(now)) {
            return this;
        }
        Map<String, Long> left = new TreeMap<>(ends);
        left.values().removeIf(end -> end <= now);
        Map<String, List<Login>> current = without(login -> login.until() <= now, logins, null);
        Revocation revocation = credentials == null || credentials.until <= now ? null : credentials;
        return new UserFacts(left, revocation, current, former.at(now), others);
    }

    private boolean hasEnded(long now) {
        if (credentials != null && credentials.until <= now) {
            return true;
        }
        for (long end : ends.values()) {
            if (end <= now) {
                return true;
            }
        }
        for (List<Login> there : logins.values()) {
            for (Login login : there) {
                if (login.until() <= now) {
                    return true;
                }
            }
        }
        return former.hasEnded(now);
    }
}
