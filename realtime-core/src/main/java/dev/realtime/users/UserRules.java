package dev.realtime.users;

import dev.realtime.Event;
import dev.realtime.internal.options.Range;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * What holds for users in the whole cluster: how they are told that they have to go, and whether one may be logged in twice. Immutable: start from {@link
 * #DEFAULT}. It is the same on every node.
 *
 * <pre>{@code
 * RealtimeBuilder builder =
 *         Realtime.builder().users(UserRules.DEFAULT.singleLogin(SingleLogin.NEWER_WINS));
 * }</pre>
 */
public final class UserRules {
    private static final Duration LEAST_LIFE = Duration.ofMinutes(1);
    private static final Duration LONGEST_LIFE = Duration.ofDays(3650);
    private static final int MOST_LOGINS = 16;

    /** Any number of logins, {@code force_disconnect}, thirty days. */
    public static final UserRules DEFAULT =
            new UserRules(SingleLogin.OFF, Set.of(), 1, "New login detected", "force_disconnect", Duration.ofDays(30));

    private final SingleLogin singleLogin;
    private final Set<String> singleLoginIn;
    private final int maxLogins;
    private final String newLoginText;
    private final String disconnectEvent;
    private final Duration credentialLife;

    private UserRules(
            SingleLogin singleLogin,
            Set<String> singleLoginIn,
            int maxLogins,
            String newLoginText,
            String disconnectEvent,
            Duration credentialLife) {
        this.singleLogin = singleLogin;
        this.singleLoginIn = singleLoginIn;
        this.maxLogins = maxLogins;
        this.newLoginText = newLoginText;
        this.disconnectEvent = disconnectEvent;
        this.credentialLife = credentialLife;
    }

    /** Returns who stays when a user logs in a second time. */
    public SingleLogin singleLogin() {
        return singleLogin;
    }

    /**
     * Sets who stays when a user logs in a second time: a session begins in a namespace where the user has one already. A session that is resumed is no
     * new login. While the backend cannot be reached nobody is let in who has a name.
     *
     * @param value default {@link SingleLogin#OFF}
     */
    public UserRules singleLogin(SingleLogin value) {
        Objects.requireNonNull(value, "singleLogin");
        return new UserRules(value, singleLoginIn, maxLogins, newLoginText, disconnectEvent, credentialLife);
    }

    /** Returns the namespaces in which a user has a single login; empty if that is so in all. */
    public Set<String> singleLoginIn() {
        return singleLoginIn;
    }

    /**
     * Sets in which namespaces a user has a single login, one in each.
     *
     * @param value names of namespaces; default empty, which means all
     */
    public UserRules singleLoginIn(Set<String> value) {
        Objects.requireNonNull(value, "singleLoginIn");
        return new UserRules(singleLogin, Set.copyOf(value), maxLogins, newLoginText, disconnectEvent, credentialLife);
    }

    /** Returns how many sessions a user may have at a time in a namespace with a single login. */
    public int maxLogins() {
        return maxLogins;
    }

    /**
     * Sets how many sessions a user may have at a time in a namespace where {@link #singleLogin(SingleLogin)} says who stays, counted on all nodes
     * together: with 3 and {@link SingleLogin#NEWER_WINS} the fourth login ends the oldest session, with {@link SingleLogin#OLDER_WINS} it is refused.
     * Sessions that wait for their clients count.
     *
     * @param value 1 to 16; default 1
     * @throws IllegalArgumentException if the value is out of range
     */
    public UserRules maxLogins(int value) {
        return new UserRules(
                singleLogin,
                singleLoginIn,
                Range.between(1, MOST_LOGINS, "UserRules.maxLogins", value),
                newLoginText,
                disconnectEvent,
                credentialLife);
    }

    /** Returns what the older client is told. */
    public String newLoginText() {
        return newLoginText;
    }

    /**
     * Sets what the older client is told.
     *
     * @param value default {@code New login detected}
     */
    public UserRules newLoginText(String value) {
        Objects.requireNonNull(value, "newLoginText");
        return new UserRules(singleLogin, singleLoginIn, maxLogins, value, disconnectEvent, credentialLife);
    }

    /** Returns the event that tells a client why it is disconnected. */
    public String disconnectEvent() {
        return disconnectEvent;
    }

    /**
     * Sets the event that tells a client why it is disconnected; the reason is its only argument.
     *
     * @param value default {@code force_disconnect}
     * @throws IllegalArgumentException if no event can have this name
     */
    public UserRules disconnectEvent(String value) {
        Objects.requireNonNull(value, "disconnectEvent");
        Event.of(value, String.class);
        return new UserRules(singleLogin, singleLoginIn, maxLogins, newLoginText, value, credentialLife);
    }

    /** Returns how long credentials are valid at most. */
    public Duration credentialLife() {
        return credentialLife;
    }

    /**
     * Sets how long credentials are valid at most: so long it is remembered that those of a user were revoked.
     *
     * @param value between a minute and ten years; default thirty days
     * @throws IllegalArgumentException if the value is out of range
     */
    public UserRules credentialLife(Duration value) {
        Objects.requireNonNull(value, "credentialLife");
        return new UserRules(
                singleLogin,
                singleLoginIn,
                maxLogins,
                newLoginText,
                disconnectEvent,
                Range.between(LEAST_LIFE, LONGEST_LIFE, "UserRules.credentialLife", value));
    }
}
