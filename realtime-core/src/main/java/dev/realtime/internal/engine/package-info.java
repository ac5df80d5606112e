/** The engine that puts the parts together, counts, and stops them in order. */
@NullMarked
package dev.realtime.internal.engine;

import org.jspecify.annotations.NullMarked;
