package dev.realtime.internal.outbox;

/** A message that leaves together with its neighbours, as one frame. */
public interface Gathered {
    /** Neighbours with the very same one leave together. */
    Gathering gathering();

    /** Bytes that it adds to a frame, about. */
    int size();
}
