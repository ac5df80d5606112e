package dev.realtime.spi;

/**
 * Makes the identifiers of connections, sessions and nodes. An id is a secret as well as a name (who knows a connection's id may
 * speak for it while it polls), so the default draws 120 bits from a secure generator. Thread-safe.
 */
@FunctionalInterface
public interface Ids {

    /** A new id: 20 characters of {@code A–Z a–z 0–9 - _}, unguessable and unique. */
    String next();
}
