package dev.realtime.internal.setup;

import dev.realtime.NamespaceSetup;
import dev.realtime.NamespaceSetup.ErrorListener;
import dev.realtime.internal.session.NamespaceHandlers;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A namespace, or a family of them, as configured.
 *
 * @param name null for a family
 */
public record NamespaceDefinition(@Nullable String name, Predicate<String> names, NamespaceHandlers handlers) {
    private static final int MAX_LENGTH = 128;

    public static NamespaceDefinition named(String name, Consumer<NamespaceSetup> setup) {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "a namespace begins with '/' and has at most 128 characters without spaces, commas, '?' and '#',"
                            + " but is '"
                            + name + "'");
        }
        return new NamespaceDefinition(name, name::equals, SetupCollector.collect(setup));
    }

    public static NamespaceDefinition matching(Predicate<String> names, Consumer<NamespaceSetup> setup) {
        return new NamespaceDefinition(null, names, SetupCollector.collect(setup));
    }

    /** Returns the same namespace, whose failures are also told to this listener. */
    public NamespaceDefinition toldTo(ErrorListener listener) {
        return new NamespaceDefinition(name, names, handlers.toldTo(listener));
    }

    /** Whether a text can name a namespace, here and wherever else it is put between other words. */
    public static boolean isName(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH || text.charAt(0) != '/') {
            return false;
        }
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ',' || c == '?' || c == '#' || Character.isWhitespace(c) || Character.isISOControl(c)) {
                return false;
            }
        }
        return true;
    }

    public boolean isDynamic() {
        return name == null;
    }
}
