package dev.realtime.internal.traces;

import dev.realtime.transport.OpeningRequest;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** W3C's {@code traceparent} and {@code tracestate}, as strictly as the recommendation has it: what is malformed is as if it were not there. */
final class TraceHeaders {
    static final String PARENT = "traceparent";
    static final String STATE = "tracestate";

    private static final int LONGEST_PARENT = 128; // a later version may have more behind the flags
    private static final int LONGEST_STATE = 512;
    private static final int MOST_MEMBERS = 32;
    private static final Pattern VERSION_0 =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
    private static final Pattern LATER =
            Pattern.compile("(?!00|ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-[!-~]*)?");
    private static final Pattern MEMBER = Pattern.compile(
            "[a-z0-9][a-z0-9_*/-]{0,240}(@[a-z][a-z0-9_*/-]{0,13})?=[\\x20-\\x2b\\x2d-\\x3c\\x3e-\\x7e]{0,255}[\\x21-\\x2b\\x2d-\\x3c\\x3e-\\x7e]");

    private TraceHeaders() {}

    /** What a client came with: in the headers of its handshake, or in the query, since pages cannot set headers of WebSockets. */
    static Map<String, String> of(OpeningRequest request) {
        Map<String, String> sent =
                of(request.headers().get(PARENT), request.headers().get(STATE));
        return sent.isEmpty() ? of(request.query().get(PARENT), request.query().get(STATE)) : sent;
    }

    private static Map<String, String> of(@Nullable List<String> parents, @Nullable List<String> states) {
        return parents == null || parents.size() != 1
                ? Map.of()
                : of(parents.get(0), states == null ? null : String.join(",", states));
    }

    /** What goes along with an event. */
    static Map<String, String> of(Map<String, String> headers) {
        return headers.isEmpty() ? headers : of(headers.get(PARENT), headers.get(STATE));
    }

    private static Map<String, String> of(@Nullable String parent, @Nullable String state) {
        if (parent == null || !isParent(parent)) {
            return Map.of();
        }
        return state == null || !isState(state) ? Map.of(PARENT, parent) : Map.of(PARENT, parent, STATE, state);
    }

    private static boolean isParent(String text) {
        return text.length() <= LONGEST_PARENT
                && (VERSION_0.matcher(text).matches() || LATER.matcher(text).matches());
    }

    private static boolean isState(String text) {
        if (text.isEmpty() || text.length() > LONGEST_STATE) {
            return false;
        }
        String[] members = text.split(",", -1);
        if (members.length > MOST_MEMBERS) {
            return false;
        }
        for (String member : members) {
            String stripped = member.strip();
            if (!stripped.isEmpty() && !MEMBER.matcher(stripped).matches()) {
                return false;
            }
        }
        return true;
    }
}
