package dev.realtime.internal.namespace;

import dev.realtime.NamespaceSetup;
import dev.realtime.internal.session.Behaviour;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A namespace, or a family of them, as configured.
 *
 * @param name null for a family
 */
public record NamespaceDefinition(@Nullable String name, Predicate<String> names, Behaviour behaviour) {

    public static NamespaceDefinition named(String name, Consumer<NamespaceSetup> setup) {
        if (!name.matches("/[^\\s,?#]{0,127}")) {
            throw new IllegalArgumentException(
                    "a namespace begins with '/' and has at most 128 characters without spaces, commas, '?' and '#', but is '"
                            + name + "'");
        }
        return new NamespaceDefinition(name, name::equals, SetupCollector.collect(setup));
    }

    public static NamespaceDefinition matching(Predicate<String> names, Consumer<NamespaceSetup> setup) {
        return new NamespaceDefinition(null, names, SetupCollector.collect(setup));
    }

    boolean isDynamic() {
        return name == null;
    }
}
