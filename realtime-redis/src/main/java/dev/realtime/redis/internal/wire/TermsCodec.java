package dev.realtime.redis.internal.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.realtime.spi.EventTerms;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What is said of an event for the nodes, as a member {@code terms} beside {@code packet} and {@code opts}: {@code {"life":ms,"headers":{…}}}. Upstream
 * reads the members that it knows, and takes no notice of this one.
 */
final class TermsCodec {
    static final String NAME = "terms";

    private static final String LIFE = "life";
    private static final String HEADERS = "headers";

    private TermsCodec() {}

    static void write(EventTerms terms, JsonBytes out) {
        out.raw(",\"terms\":{\"life\":" + terms.lifeMillis() + ",\"headers\":{");
        boolean first = true;
        for (Map.Entry<String, String> header : terms.headers().entrySet()) {
            out.raw(first ? "" : ",").string(header.getKey()).raw(":").string(header.getValue());
            first = false;
        }
        out.raw("}}");
    }

    static void write(EventTerms terms, MsgpackWriter out) {
        out.string(NAME).map(2).string(LIFE).integer(terms.lifeMillis());
        out.string(HEADERS).map(terms.headers().size());
        terms.headers().forEach((name, value) -> out.string(name).string(value));
    }

    static EventTerms read(JsonToken start, JsonParser json) throws IOException, BadWireException {
        expect(start, JsonToken.START_OBJECT);
        long life = EventTerms.WITHOUT_END;
        Map<String, String> headers = Map.of();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case LIFE -> {
                    expect(value, JsonToken.VALUE_NUMBER_INT);
                    life = json.getLongValue();
                }
                case HEADERS -> headers = headers(value, json);
                default -> json.skipChildren();
            }
        }
        return terms(life, headers);
    }

    private static Map<String, String> headers(JsonToken start, JsonParser json) throws IOException, BadWireException {
        expect(start, JsonToken.START_OBJECT);
        Map<String, String> headers = new HashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            expect(json.nextToken(), JsonToken.VALUE_STRING);
            headers.put(name, json.getText());
            checkCount(headers.size());
        }
        return headers;
    }

    static EventTerms read(MsgpackValue value) throws BadWireException {
        MsgpackValue.Members members = value.members();
        MsgpackValue life = members.find(LIFE);
        MsgpackValue named = members.find(HEADERS);
        Map<String, String> headers = new HashMap<>();
        if (named != null) {
            Map<String, MsgpackValue> all = named.members().byName();
            checkCount(all.size());
            for (Map.Entry<String, MsgpackValue> header : all.entrySet()) {
                headers.put(header.getKey(), header.getValue().text());
            }
        }
        return terms(life == null ? EventTerms.WITHOUT_END : life.integer(), headers);
    }

    private static void checkCount(int count) throws BadWireException {
        if (count > EventTerms.MAX_HEADERS) {
            throw new BadWireException("more than " + EventTerms.MAX_HEADERS + " headers");
        }
    }

    private static EventTerms terms(long life, Map<String, String> headers) throws BadWireException {
        try {
            return new EventTerms(life, headers);
        } catch (IllegalArgumentException e) {
            throw new BadWireException("terms that are none", e);
        }
    }

    private static void expect(JsonToken token, JsonToken expected) throws BadWireException {
        if (token != expected) {
            throw new BadWireException("expected " + expected);
        }
    }
}
