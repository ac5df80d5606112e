/** Requests that several sessions or other nodes answer, and the bus that carries them. */
@NullMarked
package dev.realtime.internal.requests;

import org.jspecify.annotations.NullMarked;
