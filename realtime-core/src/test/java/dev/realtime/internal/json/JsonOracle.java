package dev.realtime.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;

/** Jackson's strict parser, used to judge {@link JsonScanner}: both must accept the same texts. */
public final class JsonOracle {

    private static final int MALFORMED = -1;

    private JsonOracle() {}

    /** Fails unless the scanner takes {@code text}, as a whole, exactly when Jackson does. */
    public static void check(String text, int maxDepth) {
        int end = new JsonScanner(maxDepth).value(text, 0);
        if (end >= 0 && JsonSlices.skipSpace(text, end) != text.length()) {
            end = JsonScanner.MALFORMED;
        }
        int depth = depth(text);
        if (depth == MALFORMED) {
            // Text that goes wrong only behind the depth limit may be refused for either reason.
            assertThat(end).as("Jackson refuses, depth %s: %s", maxDepth, text).isNegative();
        } else if (depth > maxDepth) {
            assertThat(end).as("deeper than %s: %s", maxDepth, text).isEqualTo(JsonScanner.TOO_DEEP);
        } else {
            assertThat(end).as("Jackson accepts: %s", text).isPositive();
        }
    }

    /** The depth of a document, or -1 when it is not exactly one value. */
    private static int depth(String text) {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(Integer.MAX_VALUE)
                        .maxNumberLength(Integer.MAX_VALUE)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNameLength(Integer.MAX_VALUE)
                        .build())
                .build();
        int depth = 0;
        int deepest = 0;
        int values = 0;
        try (JsonParser parser = factory.createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (depth == 0 && !token.isStructEnd()) {
                    values++;
                }
                if (token.isStructStart()) {
                    deepest = Math.max(deepest, ++depth);
                } else if (token.isStructEnd()) {
                    depth--;
                } else if (token == JsonToken.VALUE_STRING) {
                    parser.getText();
                }
            }
        } catch (IOException e) {
            return MALFORMED;
        }
        return values == 1 ? deepest : MALFORMED;
    }
}
