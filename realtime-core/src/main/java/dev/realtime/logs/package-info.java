/** What an engine adds to the log of an application: whose code runs, and which handlers are slow. */
@NullMarked
package dev.realtime.logs;

import org.jspecify.annotations.NullMarked;
