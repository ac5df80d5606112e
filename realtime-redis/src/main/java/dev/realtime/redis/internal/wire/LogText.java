package dev.realtime.redis.internal.wire;

/** Names that came from Redis, fit to be logged: short, on one line, and without anything that a terminal obeys. */
public final class LogText {
    private static final int MAX_LENGTH = 80;

    private LogText() {}

    public static String of(String text) {
        int length = Math.min(text.length(), MAX_LENGTH);
        StringBuilder safe = new StringBuilder(length + 1);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            safe.append(isPlain(c) ? c : '?');
        }
        return text.length() > length ? safe.append('…').toString() : safe.toString();
    }

    private static boolean isPlain(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> false;
            default -> true;
        };
    }
}
