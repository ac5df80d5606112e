/** Whose code runs on a thread, as the log's lines say it; and which of it is slow. */
@NullMarked
package dev.realtime.internal.logs;

import org.jspecify.annotations.NullMarked;
