package dev.realtime.internal.limits;

/** What is remembered of one client. It takes memory until it is swept away or forgotten. Thread-safe. */
interface Remembered {

    /** Whether the client has tried nothing since this was asked for the last time. */
    boolean isIdle();

    /** Forgets what need not be remembered any more. */
    void sweep();

    /** Forgets everything. */
    void forget();
}
