package dev.realtime.testkit;

import dev.realtime.spi.Ids;
import java.util.concurrent.atomic.AtomicLong;

/** Ids that count: {@code n1-00000000000000001}. Deterministic, hence good for nothing but tests. Thread-safe. */
public final class SequentialIds implements Ids {
    private static final int LENGTH = 20;

    private final String prefix;
    private final AtomicLong last = new AtomicLong();

    /** @param prefix of every id, to tell the ids of two nodes apart; at most 8 characters of {@code A–Z a–z 0–9 _} */
    public SequentialIds(String prefix) {
        if (!prefix.matches("[A-Za-z0-9_]{0,8}")) {
            throw new IllegalArgumentException("a prefix has at most 8 letters and digits, but is '" + prefix + "'");
        }
        this.prefix = prefix + "-";
    }

    @Override
    public String next() {
        String number = Long.toString(last.incrementAndGet());
        return prefix + "0".repeat(LENGTH - prefix.length() - number.length()) + number;
    }
}
