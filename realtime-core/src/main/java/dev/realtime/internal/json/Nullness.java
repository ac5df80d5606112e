package dev.realtime.internal.json;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Which components of a record a client may leave out: those with an annotation of the simple name {@code Nullable}, of whatever package, on the component
 * or on its type, if it is kept at run time; and the {@code Optional} types, which are then empty.
 */
public final class Nullness {
    private Nullness() {}

    /** Whether a client may leave it out or send null. */
    public static boolean isOptional(RecordComponent component) {
        return isOptionalType(component.getType())
                || isNullable(component.getAnnotations())
                || isNullable(component.getAnnotatedType())
                || isNullable(component.getAccessor().getAnnotations())
                || isNullable(component.getAccessor().getAnnotatedReturnType());
    }

    static boolean isOptionalType(Class<?> type) {
        return type == Optional.class
                || type == OptionalInt.class
                || type == OptionalLong.class
                || type == OptionalDouble.class;
    }

    private static boolean isNullable(AnnotatedType type) {
        if (isNullable(type.getAnnotations())) {
            return true;
        }
        // '@Nullable byte[]' is read as its author means it: an element that is primitive cannot be null
        return type instanceof AnnotatedArrayType array
                && array.getAnnotatedGenericComponentType().getType() instanceof Class<?> element
                && element.isPrimitive()
                && isNullable(array.getAnnotatedGenericComponentType().getAnnotations());
    }

    private static boolean isNullable(Annotation[] annotations) {
        for (Annotation annotation : annotations) {
            if (annotation.annotationType().getSimpleName().equals("Nullable")) {
                return true;
            }
        }
        return false;
    }
}
