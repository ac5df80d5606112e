package dev.realtime.testkit.contract;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Calls all public methods of a type with null, one reference at a time, elements of arrays included, and tells where that is not refused at once with a
 * {@link NullPointerException} whose message names what was null. References that are marked {@code Nullable}, and payloads of the caller's
 * own type, may be null.
 */
public final class NullArguments {
    private final Map<Class<?>, Object> samples;

    /** @param samples what stands for the other arguments, by the type of the parameter; interfaces need none */
    public NullArguments(Map<Class<?>, Object> samples) {
        this.samples = Map.copyOf(samples);
    }

    /** Static methods and constructors of a type. */
    public List<String> acceptedBy(Class<?> type) {
        List<String> accepted = new ArrayList<>();
        for (Constructor<?> constructor : type.getConstructors()) {
            tryAll(type, constructor, constructor::newInstance, accepted);
        }
        for (Method method : type.getMethods()) {
            if (Modifier.isStatic(method.getModifiers())) {
                tryAll(type, method, arguments -> method.invoke(null, arguments), accepted);
            }
        }
        return List.copyOf(new TreeSet<>(accepted));
    }

    /** Methods of an object, as far as they are those of a public type. */
    public <T> List<String> acceptedBy(Class<T> type, T object) {
        List<String> accepted = new ArrayList<>();
        for (Method method : type.getMethods()) {
            boolean own = !Modifier.isStatic(method.getModifiers())
                    && method.getDeclaringClass() != Object.class
                    && !method.isBridge()
                    && !isEquals(method);
            if (own) {
                tryAll(type, method, arguments -> method.invoke(object, arguments), accepted);
            }
        }
        return List.copyOf(new TreeSet<>(accepted));
    }

    private static boolean isEquals(Method method) {
        return method.getName().equals("equals")
                && Arrays.equals(method.getParameterTypes(), new Class<?>[] {Object.class});
    }

    @FunctionalInterface
    private interface Call {
        Object with(@Nullable Object... arguments) throws ReflectiveOperationException;
    }

    private void tryAll(Class<?> type, Executable called, Call call, List<String> accepted) {
        Parameter[] parameters = called.getParameters();
        for (int i = 0; i < parameters.length; i++) {
            if (mayBeNull(parameters[i])) {
                continue;
            }
            @Nullable Object[] arguments = new @Nullable Object[parameters.length];
            for (int other = 0; other < arguments.length; other++) {
                arguments[other] = other == i ? null : sample(parameters[other].getType());
            }
            tryOne(type, called, parameters[i], problem(call, arguments), accepted);
            Class<?> element = parameters[i].getType().getComponentType();
            if (element != null && !element.isPrimitive()) {
                arguments[i] = Array.newInstance(element, 1);
                tryOne(type, called, parameters[i], problem(call, arguments), accepted);
            }
        }
    }

    private static void tryOne(
            Class<?> type, Executable called, Parameter parameter, @Nullable String problem, List<String> accepted) {
        if (problem != null) {
            accepted.add(type.getSimpleName() + "." + called.getName() + "(… "
                    + parameter.getType().getSimpleName() + " " + parameter.getName() + " …): " + problem);
        }
    }

    private static boolean mayBeNull(Parameter parameter) {
        return parameter.getType().isPrimitive()
                || parameter.getParameterizedType() instanceof TypeVariable<?>
                || isNullable(parameter)
                || isNullable(parameter.getAnnotatedType());
    }

    private static boolean isNullable(AnnotatedElement element) {
        return Arrays.stream(element.getAnnotations())
                .anyMatch(annotation ->
                        annotation.annotationType().getSimpleName().equals("Nullable"));
    }

    private static @Nullable String problem(Call call, @Nullable Object[] arguments) {
        try {
            call.with(arguments);
            return "accepted";
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getCause();
            if (!(thrown instanceof NullPointerException)) {
                return String.valueOf(thrown);
            }
            String message = thrown.getMessage();
            // the JVM's own message says what it could not do: "Cannot invoke …", "Cannot read …"
            return message == null || message.startsWith("Cannot ") ? "refused without a name: " + message : null;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return "not tried: " + e;
        }
    }

    private @Nullable Object sample(Class<?> type) {
        Object sample = samples.get(type);
        if (sample != null) {
            return sample;
        }
        if (type == boolean.class) {
            return false;
        }
        if (type == int.class) {
            return 1;
        }
        if (type == long.class) {
            return 1L;
        }
        return type.isInterface()
                ? Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> null)
                : null;
    }
}
