package dev.realtime.spi;

import java.util.Collections;
import java.util.LinkedHashSet;
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

    public Target {
        rooms = kept(rooms);
        except = kept(except);
    }

    /**
     * Logs and replay windows keep a hundred thousand of these, so the usual sets are as small as they can be. Larger ones keep their
     * order: that of {@code Set.copyOf} differs from one virtual machine to the next.
     */
    private static Set<String> kept(Set<String> names) {
        return names.size() < 2 ? Set.copyOf(names) : Collections.unmodifiableSet(new LinkedHashSet<>(names));
    }
}
