package dev.realtime.internal.setup;

import dev.realtime.internal.options.Range;
import dev.realtime.internal.session.EventRoute;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Values;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What options need that a backend may lack. */
public final class BackendNeeds {
    private final Backend backend;

    public BackendNeeds(Backend backend) {
        this.backend = backend;
    }

    /** The values of the backend; null if it has none. */
    public @Nullable Values values() {
        return ifThere(backend::values);
    }

    /**
     * Checks that the backend has what these namespaces use.
     *
     * @param users whether there are rules for users
     * @throws IllegalArgumentException naming what needs more than the backend has
     */
    public void check(boolean users, List<NamespaceDefinition> namespaces) {
        if (users) {
            requireValues("users");
        }
        for (NamespaceDefinition namespace : namespaces) {
            if (namespace.handlers().schedule() != null) {
                checkSchedule(namespace);
            }
            if (namespace.handlers().mail() != null) {
                requireQueues("mail");
            }
            for (EventRoute route : namespace.handlers().routes().values()) {
                if (route.idempotency() != null) {
                    requireValues("idempotentBy of '" + route.contract().name() + "'");
                }
            }
            if (!namespace.handlers().states().isEmpty()) {
                requireValues("NamespaceSetup.state");
            }
        }
    }

    private void checkSchedule(NamespaceDefinition namespace) {
        Range.check(
                !namespace.isDynamic(),
                "schedule",
                "used with a namespace that has a name of its own",
                "used with a family, whose namespaces end when nobody is in them");
        requireQueues("schedule");
    }

    private void requireQueues(String option) {
        require(ifThere(backend::queues), option, "queues");
    }

    private void requireValues(String option) {
        require(values(), option, "values");
    }

    private void require(@Nullable Object primitive, String option, String name) {
        Range.check(primitive != null, option, "used with a backend that has " + name, backend);
    }

    private static <T> @Nullable T ifThere(Supplier<T> primitive) {
        try {
            return primitive.get();
        } catch (UnsupportedOperationException none) {
            return null;
        }
    }
}
