package dev.realtime.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** The placeholders of a text by the tokens that Jackson reads, used to judge {@link JsonScanner}. */
final class PlaceholderOracle {
    private final Set<Integer> numbers = new HashSet<>();
    private boolean forged;

    private PlaceholderOracle() {}

    /** Whether a valid text has one placeholder for each of so many attachments, and nothing that looks like another. */
    static boolean areComplete(String json, int attachments) {
        PlaceholderOracle found = new PlaceholderOracle();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            parser.nextToken();
            found.value(parser, attachments);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + json, e);
        }
        return !found.forged && found.numbers.size() == attachments;
    }

    private void value(JsonParser json, int attachments) throws IOException {
        if (json.currentToken() == JsonToken.START_ARRAY) {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                value(json, attachments);
            }
        } else if (json.currentToken() == JsonToken.START_OBJECT) {
            object(json, attachments);
        }
    }

    private void object(JsonParser json, int attachments) throws IOException {
        int members = 0;
        boolean claims = false;
        int number = -1;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            members++;
            if (name.equals("_placeholder")) {
                claims |= value == JsonToken.VALUE_TRUE;
                forged |= value != JsonToken.VALUE_TRUE && value != JsonToken.VALUE_FALSE;
            } else if (name.equals("num")) {
                number = value == JsonToken.VALUE_NUMBER_INT && json.getTextLength() < 10 ? json.getIntValue() : -1;
            }
            value(json, attachments);
        }
        if (claims && (members != 2 || number < 0 || number >= attachments || !numbers.add(number))) {
            forged = true;
        }
    }
}
