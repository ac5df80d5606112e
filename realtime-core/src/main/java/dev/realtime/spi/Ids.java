package dev.realtime.spi;

/**
 * Makes the identifiers of connections, sessions and nodes. An id is a secret as well as a name (who knows a connection's id may
 * speak for it while it polls), so the default draws 120 bits from a secure generator. Thread-safe.
 */
@FunctionalInterface
public interface Ids {

    /** A new id: 20 characters of {@code A–Z a–z 0–9 - _}, unguessable and unique. */
    String next();

    /** Whether a text has the form of an id. */
    static boolean isId(String text) {
        if (text.length() != 20) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean allowed =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    /**
     * The id itself.
     *
     * @throws IllegalArgumentException when it is none, such as the name of a room
     */
    static String sessionId(String text) {
        if (!isId(text)) {
            throw new IllegalArgumentException("a session's id has 20 letters, digits, '-' and '_', but is '"
                    + BoundedLog.clean(text) + "'; for a room use room()");
        }
        return text;
    }
}
