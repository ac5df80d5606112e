/** Audiences: whom the application emits to, and what it can do to them. */
@NullMarked
package dev.realtime.internal.audience;

import org.jspecify.annotations.NullMarked;
