package dev.realtime.admin;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who may see and do what on the {@linkplain AdminPage page for operators}. Immutable: every method returns a changed copy. */
public final class AdminOptions implements Cloneable {
    private final @Nullable PasswordHash password;
    private final String username;
    private String namespace = "/admin";
    private Optional<String> serverId = Optional.empty();
    private boolean readOnly;
    private boolean summaryOnly;
    private int maxAdmins = 16;
    private int maxSockets = 500;
    private int maxEventsPerSecond = 100;

    private AdminOptions(String username, @Nullable PasswordHash password) {
        this.username = username;
        this.password = password;
    }

    /**
     * Returns options for one administrator with a password, as upstream's {@code auth: {type: "basic", …}}.
     *
     * @param username what is typed into the UI, 1 to 256 characters
     * @param passwordHash of bcrypt, version {@code 2a}, {@code 2b} or {@code 2y}, cost 4 to 16, such as {@code htpasswd -nbBC 12 admin PASSWORD} makes. Of a password the first 72 bytes
     *     count
     * @throws IllegalArgumentException if the name is empty or longer, or the hash is none; the message does not show it
     */
    public static AdminOptions basic(String username, String passwordHash) {
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(passwordHash, "passwordHash");
        if (username.isEmpty() || username.length() > PasswordHash.LONGEST) {
            throw new IllegalArgumentException(
                    "username must have 1 to " + PasswordHash.LONGEST + " characters, but has " + username.length());
        }
        return new AdminOptions(username, new PasswordHash(passwordHash));
    }

    /**
     * Returns options under which everybody who reaches the port is an administrator, as upstream's {@code auth: false}. For a machine of one's own, or behind a
     * proxy that lets nobody else through.
     */
    public static AdminOptions withoutAuthentication() {
        return new AdminOptions("", null);
    }

    private AdminOptions with(Consumer<AdminOptions> change) {
        try {
            AdminOptions copy = (AdminOptions) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sets the name of the namespace; default {@code /admin}, which the UI has as its default too. */
    public AdminOptions namespace(String name) {
        Objects.requireNonNull(name, "namespace");
        return with(options -> options.namespace = name);
    }

    /**
     * Sets by which name the UI knows this node; each node needs one of its own. Default: the name of the host, and the beginning of the {@linkplain
     * dev.realtime.Realtime#node node's id}.
     *
     * @param name 1 to 256 characters
     */
    public AdminOptions serverId(String name) {
        Objects.requireNonNull(name, "serverId");
        if (name.isEmpty() || name.length() > PasswordHash.LONGEST) {
            throw new IllegalArgumentException(
                    "serverId must have 1 to " + PasswordHash.LONGEST + " characters, but has " + name.length());
        }
        return with(options -> options.serverId = Optional.of(name));
    }

    /** Lets administrators look and change nothing. Default: they may emit, disconnect clients, and put them into rooms. */
    public AdminOptions readOnly() {
        return with(options -> options.readOnly = true);
    }

    /**
     * Shows servers and figures, and no clients, rooms and events: upstream's {@code mode: "production"}. It is what large clusters want. Default: everything, within {@link
     * #maxSockets} and {@link #maxEventsPerSecond}.
     */
    public AdminOptions summaryOnly() {
        return with(options -> options.summaryOnly = true);
    }

    /**
     * Sets how many administrators this node takes at a time; more are refused.
     *
     * @param most between 1 and 100; default 16
     */
    public AdminOptions maxAdmins(int most) {
        between(1, 100, "maxAdmins", most);
        return with(options -> options.maxAdmins = most);
    }

    /**
     * Sets how many clients of this node the UI is told of, and how many of all nodes an administrator who connects here gets. Those that have been there longest are among
     * them; figures count all.
     *
     * @param most between 1 and 1,000; default 500
     */
    public AdminOptions maxSockets(int most) {
        between(1, 1_000, "maxSockets", most);
        return with(options -> options.maxSockets = most);
    }

    /**
     * Sets how much of what happens this node tells in a second: clients that come and go, joins and leaves, events of clients. Changes beyond that are told in the next
     * second, events are left out.
     *
     * @param most between 1 and 1,000; default 100
     */
    public AdminOptions maxEventsPerSecond(int most) {
        between(1, 1_000, "maxEventsPerSecond", most);
        return with(options -> options.maxEventsPerSecond = most);
    }

    private static void between(int least, int most, String name, int value) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + " must be between " + least + " and " + most + ", but is " + value);
        }
    }

    /** Returns what a password is compared with; null: everybody may in. */
    @Nullable
    PasswordHash password() {
        return password;
    }

    String username() {
        return username;
    }

    String namespace() {
        return namespace;
    }

    Optional<String> serverId() {
        return serverId;
    }

    boolean isReadOnly() {
        return readOnly;
    }

    boolean isSummaryOnly() {
        return summaryOnly;
    }

    int maxAdmins() {
        return maxAdmins;
    }

    int maxSockets() {
        return maxSockets;
    }

    int maxEventsPerSecond() {
        return maxEventsPerSecond;
    }

    /** Shows no hash. */
    @Override
    public String toString() {
        return "administrators in " + namespace + (password == null ? ", without authentication" : "")
                + (readOnly ? ", read-only" : "") + (summaryOnly ? ", summary only" : "");
    }
}
