/** What the build holds over all modules, and what it says at its end. */
@NullMarked
package dev.realtime.build;

import org.jspecify.annotations.NullMarked;
