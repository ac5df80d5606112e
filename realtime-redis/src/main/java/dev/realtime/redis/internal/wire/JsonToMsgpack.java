package dev.realtime.redis.internal.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.realtime.spi.EventData;
import java.io.IOException;
import java.util.List;

/**
 * Rewrites JSON as msgpack in one pass. A placeholder becomes the binary value it stands for. Numbers with a fraction or an exponent become
 * doubles, as in JavaScript; integers beyond 64 bits too.
 */
final class JsonToMsgpack {
    private final JsonParser json;
    private final List<byte[]> attachments;
    private final MsgpackWriter out;

    private JsonToMsgpack(JsonParser json, List<byte[]> attachments, MsgpackWriter out) {
        this.json = json;
        this.attachments = attachments;
        this.out = out;
    }

    /**
     * Writes the array of arguments.
     *
     * @throws IllegalArgumentException when it is not JSON, or claims an attachment that it does not have
     */
    static void arguments(EventData event, MsgpackWriter out) {
        try (JsonParser json = WireJson.FACTORY.createParser(event.json())) {
            JsonToMsgpack pass = new JsonToMsgpack(json, event.attachments(), out);
            json.nextToken();
            pass.value();
        } catch (IOException e) {
            throw new IllegalArgumentException("the event's text is not JSON", e);
        }
    }

    /**
     * Writes an answer's arguments as members: {@code packet}, the first or nil, which is all that upstream knows; unless there is exactly one, also
     * {@code arguments}, all of them, which upstream does not read.
     *
     * @return how many members
     */
    static int answer(EventData event, MsgpackWriter out) {
        try (JsonParser json = WireJson.FACTORY.createParser(event.json())) {
            JsonToMsgpack pass = new JsonToMsgpack(json, event.attachments(), out);
            json.nextToken();
            out.string("packet");
            if (json.nextToken() == JsonToken.END_ARRAY) {
                out.nil();
            } else {
                pass.value();
                if (json.nextToken() == JsonToken.END_ARRAY) {
                    return 1;
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("the answer's text is not JSON", e);
        }
        arguments(event, out.string("arguments"));
        return 2;
    }

    /** Writes one value. */
    static void value(String text, MsgpackWriter out) {
        try (JsonParser json = WireJson.FACTORY.createParser(text)) {
            json.nextToken();
            new JsonToMsgpack(json, List.of(), out).value();
        } catch (IOException e) {
            throw new IllegalArgumentException("a recorded value's text is not JSON", e);
        }
    }

    private void value() throws IOException {
        JsonToken token = json.currentToken();
        if (token == null) {
            throw new IllegalArgumentException("the text ends early");
        }
        switch (token) {
            case START_ARRAY -> array();
            case START_OBJECT -> object();
            case VALUE_STRING -> out.string(json.getText());
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> out.number(json.getDoubleValue());
            case VALUE_TRUE -> out.bool(true);
            case VALUE_FALSE -> out.bool(false);
            default -> out.nil();
        }
    }

    private void integer() throws IOException {
        if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            out.number(json.getDoubleValue());
        } else {
            out.integer(json.getLongValue());
        }
    }

    private void array() throws IOException {
        int mark = out.open();
        int elements = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            value();
            elements++;
        }
        out.closeArray(mark, elements);
    }

    private void object() throws IOException {
        int mark = out.open();
        int members = 0;
        boolean claims = false;
        int number = -1;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            if (token == JsonToken.VALUE_TRUE && name.equals("_placeholder")) {
                claims = true;
            } else if (token == JsonToken.VALUE_NUMBER_INT && name.equals("num")) {
                number = json.getNumberType() == JsonParser.NumberType.INT ? json.getIntValue() : -1;
            }
            out.string(name);
            value();
            members++;
        }
        out.closeMap(mark, members);
        if (claims && !attachments.isEmpty()) {
            if (members != 2 || number < 0 || number >= attachments.size()) {
                throw new IllegalArgumentException("a value claims to be an attachment and is none");
            }
            out.cutBackTo(mark);
            out.binary(attachments.get(number));
        }
    }
}
