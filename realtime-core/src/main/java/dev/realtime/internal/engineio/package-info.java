/** Engine.IO v4: packets, and the payloads that carry several of them over HTTP long-polling. */
@NullMarked
package dev.realtime.internal.engineio;

import org.jspecify.annotations.NullMarked;
