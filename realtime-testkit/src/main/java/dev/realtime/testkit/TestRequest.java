package dev.realtime.testkit;

import dev.realtime.spi.RequestView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An HTTP request as a test wants it. Immutable: every method returns a changed copy. */
public final class TestRequest {
    private final RequestView view;

    private TestRequest(RequestView view) {
        this.view = view;
    }

    /** A request for this path from {@code 127.0.0.1}, without parameters and with a {@code Host} header only. */
    public static TestRequest of(String method, String path) {
        return new TestRequest(
                new RequestView(method, path, Map.of(), Map.of("host", List.of("localhost")), "127.0.0.1", false));
    }

    /** Adds a query parameter. */
    public TestRequest query(String name, String value) {
        return new TestRequest(new RequestView(
                view.method(),
                view.path(),
                with(view.query(), name, value),
                view.headers(),
                view.remoteAddress(),
                view.secure()));
    }

    /** Adds a header. */
    public TestRequest header(String name, String value) {
        return new TestRequest(new RequestView(
                view.method(),
                view.path(),
                view.query(),
                with(view.headers(), name.toLowerCase(Locale.ROOT), value),
                view.remoteAddress(),
                view.secure()));
    }

    /** The client's address. */
    public TestRequest from(String address) {
        return new TestRequest(
                new RequestView(view.method(), view.path(), view.query(), view.headers(), address, view.secure()));
    }

    public TestRequest method(String method) {
        return new TestRequest(new RequestView(
                method, view.path(), view.query(), view.headers(), view.remoteAddress(), view.secure()));
    }

    public RequestView view() {
        return view;
    }

    private static Map<String, List<String>> with(Map<String, List<String>> known, String name, String value) {
        Map<String, List<String>> all = new LinkedHashMap<>(known);
        List<String> values = new ArrayList<>(all.getOrDefault(name, List.of()));
        values.add(value);
        all.put(name, List.copyOf(values));
        return all;
    }
}
