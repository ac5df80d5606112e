package dev.realtime.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.spi.Backend;
import dev.realtime.spi.Leases;
import dev.realtime.spi.Queues;
import dev.realtime.spi.SessionStore;
import dev.realtime.spi.Values;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the application's backend does, its stores answer by a stage. */
class StagedBackendTest {
    private static final IllegalStateException BROKEN = new IllegalStateException("broken");

    /** A backend all of whose stores do the same. */
    private static StagedBackend backend(boolean throwing) {
        return new StagedBackend(proxy(Backend.class, throwing));
    }

    private static <T> T proxy(Class<T> type, boolean throwing) {
        return type.cast(Proxy.newProxyInstance(
                StagedBackendTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getReturnType().isInterface()
                            && !CompletionStage.class.isAssignableFrom(method.getReturnType())) {
                        return proxy(method.getReturnType(), throwing);
                    }
                    if (throwing) {
                        throw BROKEN;
                    }
                    return null;
                }));
    }

    static Stream<Class<?>> stores() {
        return Stream.of(SessionStore.class, Leases.class, Values.class, Queues.class);
    }

    private static Object store(StagedBackend backend, Class<?> type) {
        if (type == SessionStore.class) {
            return backend.sessions();
        }
        return type == Leases.class ? backend.leases() : type == Queues.class ? backend.queues() : backend.values();
    }

    private static Stream<Method> methods(Class<?> type) {
        return Arrays.stream(type.getMethods()).filter(method -> !Modifier.isStatic(method.getModifiers()));
    }

    private static CompletableFuture<?> call(Object store, Method method) {
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(type -> type == long.class ? (Object) 0L : type == int.class ? (Object) 0 : null)
                .toArray();
        try {
            Object answer = method.invoke(store, arguments);
            return ((CompletionStage<?>) answer).toCompletableFuture();
        } catch (InvocationTargetException thrown) {
            throw new AssertionError(method + " has thrown", thrown.getCause());
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aStoreThatThrowsHasFailed(Class<?> type) {
        Object store = store(backend(true), type);
        assertThat(methods(type))
                .isNotEmpty()
                .allSatisfy(method -> assertThat(call(store, method))
                        .as("%s", method)
                        .failsWithin(Duration.ZERO)
                        .withThrowableThat()
                        .havingCause()
                        .isSameAs(BROKEN));
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aStoreThatReturnsNothingHasFailed(Class<?> type) {
        Object store = store(backend(false), type);
        assertThat(methods(type))
                .isNotEmpty()
                .allSatisfy(method ->
                        assertThat(call(store, method)).as("%s", method).isCompletedExceptionally());
    }

    /** One that is left to a default method of the SPI would never reach the application's backend. */
    @Test
    void everyMethodIsPassedOn() {
        StagedBackend backend = backend(false);
        Stream<Object> all = Stream.concat(Stream.of(backend), stores().map(type -> store(backend, type)));
        assertThat(all).allSatisfy(staged -> {
            Class<?> spi = staged.getClass().getInterfaces()[0];
            assertThat(methods(spi))
                    .isNotEmpty()
                    .allSatisfy(method -> assertThat(
                                    staged.getClass().getDeclaredMethod(method.getName(), method.getParameterTypes()))
                            .isNotNull());
        });
    }

    @Test
    void whatIsTooLargeForAValueIsRefused() {
        Values values = backend(true).values();
        Duration minute = Duration.ofMinutes(1);
        assertThat(values.put("ann", 0, "\u00e9".repeat(8 << 10), minute).toCompletableFuture())
                .as("what the backend is asked to write")
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCause(BROKEN);
        assertThatThrownBy(() -> values.put("bob", 0, "\u00e9".repeat((8 << 10) + 1), minute)
                        .toCompletableFuture()
                        .join())
                .hasRootCauseMessage("the value 'bob' would have 16386 bytes, and may have 16384");
    }
}
