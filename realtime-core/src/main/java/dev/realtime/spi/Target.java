package dev.realtime.spi;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom an entry of the log concerns. A session's id counts as the room that holds this session alone (so does upstream's).
 *
 * @param rooms members of any of them; empty means everybody in the namespace
 * @param except rooms whose members are left out
 * @param node only sessions of this node; null means of all nodes
 */
public record Target(
        Set<String> rooms, Set<String> except, @Nullable String node) {

    /** Everybody in the namespace. */
    public static final Target EVERYBODY = new Target(Set.of(), Set.of(), null);

    /** Logs and replay windows keep a hundred thousand of these: the sets are as small as they can be. */
    public Target {
        rooms = Set.copyOf(rooms);
        except = Set.copyOf(except);
    }
}
