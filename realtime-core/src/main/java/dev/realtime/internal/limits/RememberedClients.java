package dev.realtime.internal.limits;

import java.util.Collection;

/** Clients of whom something is remembered. Thread-safe. */
interface RememberedClients {
    Collection<? extends Remembered> clients();
}
