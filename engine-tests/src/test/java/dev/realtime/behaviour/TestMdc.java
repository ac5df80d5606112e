package dev.realtime.behaviour;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.MDC;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.spi.MDCAdapter;

/** An MDC for a test: the binding of the tests has none. */
final class TestMdc implements BeforeEachCallback, AfterEachCallback {
    private final MDCAdapter before = MDC.getMDCAdapter();

    @Override
    public void beforeEach(ExtensionContext context) {
        set(new BasicMDCAdapter());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        set(before);
    }

    private static void set(MDCAdapter adapter) {
        try {
            Method set = MDC.class.getDeclaredMethod("setMDCAdapter", MDCAdapter.class);
            set.setAccessible(true);
            set.invoke(null, adapter);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new AssertionError(e);
        }
    }

    /** What this thread says. */
    static Map<String, String> here() {
        Map<String, String> all = MDC.getCopyOfContextMap();
        return all == null ? Map.of() : new TreeMap<>(all);
    }
}
