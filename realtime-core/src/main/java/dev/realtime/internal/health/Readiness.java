package dev.realtime.internal.health;

/** Whether new clients are welcome, and why not. */
public enum Readiness {
    READY,
    /** It still reads what the log held before it came. */
    STARTING,
    /** As many clients are connected as may be. */
    FULL,
    STOPPING
}
