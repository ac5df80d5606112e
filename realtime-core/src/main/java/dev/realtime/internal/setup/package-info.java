/** What the application configures: its namespaces and their handlers. */
@NullMarked
package dev.realtime.internal.setup;

import org.jspecify.annotations.NullMarked;
