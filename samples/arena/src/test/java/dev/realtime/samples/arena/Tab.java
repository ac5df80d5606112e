package dev.realtime.samples.arena;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.awaitility.Awaitility;

/** One page in a {@link Browser}; elements are named by their {@code data-testid}. */
final class Tab {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Browser browser;
    private final String session;

    Tab(Browser browser, String session, URI address) {
        this.browser = browser;
        this.session = session;
        call("Runtime.enable", parameters());
        call("Emulation.setFocusEmulationEnabled", parameters().put("enabled", true));
        call(
                "Emulation.setDeviceMetricsOverride",
                parameters()
                        .put("width", 1280)
                        .put("height", 860)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
        call("Page.navigate", parameters().put("url", address.toString()));
    }

    /** The value of an expression of the page. */
    JsonNode value(String expression) {
        JsonNode result = call(
                "Runtime.evaluate",
                parameters()
                        .put("expression", expression)
                        .put("returnByValue", true)
                        .put("awaitPromise", true));
        if (result.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + result.path("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    /** Waits until an expression holds. What it throws meanwhile counts as false: the page may still be loading. */
    void until(String what, String expression) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> value("(() => { try { return Boolean(" + expression + "); } catch { return false; } })()")
                        .asBoolean());
    }

    void click(String testId) {
        until(testId + " to be clickable", element(testId) + " && !" + element(testId) + ".disabled");
        value(element(testId) + ".click()");
    }

    void type(String testId, String text) {
        value(element(testId) + ".focus(), " + element(testId) + ".select?.()");
        call("Input.insertText", parameters().put("text", text));
    }

    void resize(int width, int height) {
        call(
                "Emulation.setDeviceMetricsOverride",
                parameters()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
        until("the page to be " + width + " wide", "innerWidth === " + width);
    }

    void keyDown(String key) {
        key("rawKeyDown", key);
    }

    void keyUp(String key) {
        key("keyUp", key);
    }

    void pressEnter() {
        for (String type : List.of("rawKeyDown", "keyUp")) {
            call(
                    "Input.dispatchKeyEvent",
                    parameters()
                            .put("type", type)
                            .put("key", "Enter")
                            .put("code", "Enter")
                            .put("windowsVirtualKeyCode", 13));
        }
    }

    private void key(String type, String key) {
        call(
                "Input.dispatchKeyEvent",
                parameters()
                        .put("type", type)
                        .put("key", key)
                        .put("code", "Key" + key.toUpperCase(java.util.Locale.ROOT))
                        .put("windowsVirtualKeyCode", (int) Character.toUpperCase(key.charAt(0))));
    }

    String text(String testId) {
        return value(element(testId) + ".textContent").asText();
    }

    List<String> texts(String selector) {
        List<String> texts = new ArrayList<>();
        value("[...document.querySelectorAll(" + quoted(selector) + ")].map((e) => e.textContent)")
                .forEach(text -> texts.add(text.asText()));
        return texts;
    }

    static String element(String testId) {
        return "document.querySelector('[data-testid=" + testId + "]')";
    }

    static String quoted(String text) {
        return Browser.JSON.valueToTree(text).toString();
    }

    void screenshot(Path file) {
        call("Page.bringToFront", parameters());
        JsonNode shot = call("Page.captureScreenshot", parameters().put("format", "png"));
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, Base64.getDecoder().decode(shot.path("data").asText()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode parameters() {
        return Browser.JSON.createObjectNode();
    }

    private JsonNode call(String method, ObjectNode parameters) {
        return browser.call(session, method, parameters);
    }
}
