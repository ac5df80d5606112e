package dev.realtime.internal.batches;

import dev.realtime.internal.json.JsonSlices;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An encoded event, taken apart without building anything of what it carries: a valid JSON array, the name first.
 *
 * @param name unescaped
 * @param from where the arguments begin; the end of the array if there are none
 */
@SuppressWarnings("ArrayRecordComponent") // never written to
public record EventBytes(String name, byte[] json, int from) {

    /** Returns null if it has no name in quotes. */
    public static @Nullable EventBytes of(byte[] json) {
        int quote = skipSpace(json, 1);
        if (json[quote] != '"') {
            return null;
        }
        int end = endOfText(json, quote);
        String text = new String(json, quote, end - quote, StandardCharsets.UTF_8);
        String name = text.indexOf('\\') < 0
                ? text.substring(1, text.length() - 1)
                : JsonSlices.unescape(text, 0, text.length());
        int next = skipSpace(json, end);
        return new EventBytes(name, json, json[next] == ',' ? next + 1 : json.length - 1);
    }

    boolean hasArguments() {
        return from < json.length - 1;
    }

    /** All of them, as a JSON array. */
    byte[] arguments() {
        byte[] array = Arrays.copyOfRange(json, from - 1, json.length);
        array[0] = '[';
        return array;
    }

    /** The argument if there is exactly one, or else null. */
    byte @Nullable [] onlyArgument() {
        if (!hasArguments()) {
            return null;
        }
        int depth = 0;
        for (int at = from; at < json.length - 1; at++) {
            switch (json[at]) {
                case '"' -> at = endOfText(json, at) - 1;
                case '[', '{' -> depth++;
                case ']', '}' -> depth--;
                case ',' -> {
                    if (depth == 0) {
                        return null;
                    }
                }
                default -> {}
            }
        }
        return Arrays.copyOfRange(json, from, json.length - 1);
    }

    /** Behind the closing quote. */
    private static int endOfText(byte[] json, int quote) {
        int at = quote + 1;
        while (json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    private static int skipSpace(byte[] json, int from) {
        int at = from;
        while (json[at] == ' ' || json[at] == '\t' || json[at] == '\n' || json[at] == '\r') {
            at++;
        }
        return at;
    }
}
