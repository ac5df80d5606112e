/** How the node is: its own checks and those of the application, and the pages that say it. */
@NullMarked
package dev.realtime.internal.health;

import org.jspecify.annotations.NullMarked;
