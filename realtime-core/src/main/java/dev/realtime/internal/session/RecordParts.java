package dev.realtime.internal.session;

import dev.realtime.internal.json.Nullness;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a record whose components are arguments is taken apart and put together. */
final class RecordParts {
    private final List<RecordComponent> components;
    private final List<Method> accessors;
    private final boolean[] optional;
    private final boolean takesRest;
    private final Constructor<?> constructor;

    private RecordParts(Class<?> type, RecordComponent[] parts) throws NoSuchMethodException {
        this.components = List.of(parts);
        this.accessors = new ArrayList<>();
        this.optional = new boolean[parts.length];
        for (int i = 0; i < parts.length; i++) {
            Method accessor = parts[i].getAccessor();
            accessor.setAccessible(true);
            accessors.add(accessor);
            optional[i] = Nullness.isOptional(parts[i]);
        }
        this.constructor = type.getDeclaredConstructor(
                Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        this.takesRest = constructor.isVarArgs();
    }

    /** @throws IllegalArgumentException if it is no record, or one that its module hides */
    static RecordParts of(Class<?> type) {
        RecordComponent[] parts = type.getRecordComponents();
        if (parts == null) {
            throw new IllegalArgumentException(type.getName() + " is no record");
        }
        try {
            return new RecordParts(type, parts);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalArgumentException(type.getName() + " cannot be used by reflection: " + e.getMessage(), e);
        }
    }

    List<RecordComponent> components() {
        return components;
    }

    /** Whether a client may leave this one out. */
    boolean isOptional(int index) {
        return optional[index];
    }

    /** Whether the last component, an array, is all the arguments that are left. */
    boolean takesRest() {
        return takesRest;
    }

    /** @throws Exception whatever an accessor throws */
    List<@Nullable Object> valuesOf(Object whole) throws Exception {
        List<@Nullable Object> values = new ArrayList<>(accessors.size());
        try {
            for (Method accessor : accessors) {
                values.add(accessor.invoke(whole));
            }
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception own ? own : e;
        }
        if (takesRest) {
            spread(values);
        }
        return Collections.unmodifiableList(values);
    }

    private static void spread(List<@Nullable Object> values) {
        Object rest = values.remove(values.size() - 1);
        int length = rest == null ? 0 : Array.getLength(rest);
        for (int i = 0; i < length; i++) {
            values.add(Array.get(rest, i));
        }
    }

    /** @throws Exception whatever the constructor throws */
    Object make(@Nullable Object[] values) throws Exception {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception own ? own : e;
        }
    }
}
