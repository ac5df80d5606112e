package dev.realtime.internal.json;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes every component of a record required: missing or null, the payload is refused, instead of a null that nobody expects. Not those
 * that are optional ({@link Nullness}), nor those for which {@code @JsonSetter(nulls = …)} names what to do instead.
 */
final class RequiredComponents extends NopAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
        return isRequired(member) ? Boolean.TRUE : null;
    }

    @Override
    public JsonSetter.Value findSetterInfo(Annotated annotated) {
        return isRequired(annotated) && !JsonNode.class.isAssignableFrom(annotated.getRawType())
                ? JsonSetter.Value.forValueNulls(Nulls.FAIL)
                : JsonSetter.Value.empty();
    }

    private static boolean isRequired(Annotated annotated) {
        if (!(annotated instanceof AnnotatedParameter parameter)
                || !(parameter.getOwner().getMember() instanceof Constructor<?> constructor)) {
            return false;
        }
        JsonSetter own = annotated.getAnnotation(JsonSetter.class);
        if (own != null && own.nulls() != Nulls.DEFAULT && own.nulls() != Nulls.FAIL) {
            return false;
        }
        RecordComponent[] components = constructor.getDeclaringClass().getRecordComponents();
        if (components == null || !isCanonical(constructor, components)) {
            return false;
        }
        RecordComponent component = components[parameter.getIndex()];
        return !component.getType().isPrimitive() && !Nullness.isOptional(component);
    }

    private static boolean isCanonical(Constructor<?> constructor, RecordComponent[] components) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        return Arrays.equals(constructor.getParameterTypes(), types);
    }
}
