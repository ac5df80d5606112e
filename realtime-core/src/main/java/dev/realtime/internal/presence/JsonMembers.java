package dev.realtime.internal.presence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Map;

/** The members of a JSON object, each as the text that it is. */
final class JsonMembers {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonMembers() {}

    static Map<String, String> of(String object, Map<String, String> into) {
        try (JsonParser json = FACTORY.createParser(object)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                int from = (int) json.currentTokenLocation().getCharOffset();
                json.skipChildren();
                json.finishToken();
                int to = (int) json.currentLocation().getCharOffset();
                into.put(name, object.substring(from, to));
            }
            return into;
        } catch (IOException e) {
            throw new IllegalStateException("no JSON: " + object, e);
        }
    }
}
