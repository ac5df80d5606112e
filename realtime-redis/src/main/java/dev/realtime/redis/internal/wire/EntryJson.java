package dev.realtime.redis.internal.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.realtime.spi.EventData;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads an entry's data where it is JSON. The text of the event is found by walking over it once and cut out as it is: nothing is bound to
 * Java values, and what a client gets is byte for byte what the sender wrote.
 */
final class EntryJson {
    private final byte[] text;
    private final JsonParser json;
    private final int maxRooms;
    private final EntryParts parts = new EntryParts();

    private EntryJson(byte[] text, JsonParser json, int maxRooms) {
        this.text = text;
        this.json = json;
        this.maxRooms = maxRooms;
    }

    /** @param maxRooms in each list */
    static EntryParts read(byte[] text, int maxRooms) throws BadWireException {
        WireJson.checkUtf8(text);
        try (JsonParser json = WireJson.FACTORY.createParser(text)) {
            EntryJson entry = new EntryJson(text, json, maxRooms);
            entry.read();
            return entry.parts;
        } catch (IOException | RuntimeException e) {
            throw new BadWireException("not JSON", e);
        }
    }

    private void read() throws IOException, BadWireException {
        expect(json.nextToken(), JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "packet" -> packet(value);
                case "opts" -> parts.options = options(value);
                case "rooms" -> parts.rooms = names(value);
                case TermsCodec.NAME -> parts.terms = TermsCodec.read(value, json);
                case "close" -> parts.closes = value == JsonToken.VALUE_TRUE;
                case "node" -> {
                    expect(value, JsonToken.VALUE_STRING);
                    parts.node = json.getText();
                }
                case "kind" -> {
                    expect(value, JsonToken.VALUE_STRING);
                    parts.kind = json.getText();
                }
                case "text" -> {
                    expect(value, JsonToken.VALUE_STRING);
                    parts.text = json.getText();
                }
                default -> json.skipChildren();
            }
        }
        if (json.nextToken() != null) {
            throw new BadWireException("text behind the end");
        }
    }

    private void packet(JsonToken start) throws IOException, BadWireException {
        expect(start, JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "data" -> parts.event = event(value);
                case "id" -> parts.wantsAcknowledgement = value != JsonToken.VALUE_NULL;
                case "type" -> checkType(value);
                default -> json.skipChildren();
            }
        }
    }

    private void checkType(JsonToken value) throws IOException, BadWireException {
        if (value != JsonToken.VALUE_NUMBER_INT || !json.getText().equals("2")) {
            throw new BadWireException("a packet that is not an event");
        }
    }

    private EventData event(JsonToken start) throws IOException, BadWireException {
        expect(start, JsonToken.START_ARRAY);
        int from = (int) json.currentTokenLocation().getByteOffset();
        JsonToken name = json.nextToken();
        if (name == JsonToken.VALUE_STRING) {
            WireJson.checkEventName(json.getText());
        } else {
            expect(name, JsonToken.VALUE_NUMBER_INT);
        }
        JsonToken argument;
        do {
            argument = json.nextToken();
            json.skipChildren();
        } while (argument != JsonToken.END_ARRAY);
        int to = (int) json.currentLocation().getByteOffset();
        return new EventData(Arrays.copyOfRange(text, from, to), List.of());
    }

    private BroadcastOptions options(JsonToken start) throws IOException, BadWireException {
        expect(start, JsonToken.START_OBJECT);
        Set<String> rooms = null;
        Set<String> except = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "rooms" -> rooms = names(value);
                case "except" -> except = names(value);
                default -> json.skipChildren();
            }
        }
        if (rooms == null || except == null) {
            throw new BadWireException("no member 'rooms' or 'except' in 'opts'");
        }
        return new BroadcastOptions(rooms, except, false, null);
    }

    private Set<String> names(JsonToken start) throws IOException, BadWireException {
        expect(start, JsonToken.START_ARRAY);
        Set<String> names = new LinkedHashSet<>();
        JsonToken token;
        while ((token = json.nextToken()) != JsonToken.END_ARRAY) {
            if (token != JsonToken.VALUE_STRING && token != JsonToken.VALUE_NUMBER_INT) {
                throw new BadWireException("a room that is not a string");
            }
            names.add(json.getText());
            RoomNames.checkCount(names.size(), maxRooms);
        }
        return names;
    }

    private static void expect(JsonToken token, JsonToken expected) throws BadWireException {
        if (token != expected) {
            throw new BadWireException("expected " + expected);
        }
    }
}
