package dev.realtime.standalone;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An extension that a client offers, as RFC 6455 section 9.1 writes it: {@code name; parameter; parameter=value, …}.
 *
 * @param parameters by name, with an empty value where there is none
 * @param repeats whether a parameter stands there more than once
 */
record ExtensionOffer(String name, Map<String, String> parameters, boolean repeats) {

    /** Parses all that a client offers, in its order of preference. */
    static List<ExtensionOffer> parse(String header) throws MalformedHandshakeException {
        List<ExtensionOffer> offers = new ArrayList<>();
        for (String one : split(header, ',')) {
            if (!one.isBlank()) { // such a list may have empty places
                offers.add(offer(one));
            }
        }
        return offers;
    }

    private static ExtensionOffer offer(String text) throws MalformedHandshakeException {
        List<String> parts = split(text, ';');
        Map<String, String> parameters = new LinkedHashMap<>();
        boolean repeats = false;
        for (String part : parts.subList(1, parts.size())) {
            int equals = part.indexOf('=');
            String name = token(equals < 0 ? part : part.substring(0, equals));
            String value =
                    equals < 0 ? "" : token(unquoted(part.substring(equals + 1).trim()));
            repeats |= parameters.put(name, value) != null;
        }
        return new ExtensionOffer(token(parts.get(0)), parameters, repeats);
    }

    private static String token(String text) throws MalformedHandshakeException {
        String token = text.trim();
        if (!HeadParser.isToken(token)) {
            throw new MalformedHandshakeException("an extension that is not written as one");
        }
        return token;
    }

    /** A quoted value must be a token as well once its quotes are gone, so it holds no separator. */
    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
            parts.add(text.substring(from, at));
            from = at + 1;
        }
        parts.add(text.substring(from));
        return parts;
    }
}
