package dev.realtime.mail;

import java.util.Locale;

/** How important a message is: when a mailbox is full, what is less important goes first, of equally important ones the oldest. */
public enum Importance {
    LOW,
    NORMAL,
    HIGH,
    URGENT;

    /** Returns how clients see it: {@code low}, {@code normal}, {@code high} or {@code urgent}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
