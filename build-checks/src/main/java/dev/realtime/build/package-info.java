/** The summary at the end of a build. The tests beside it hold what is true over all modules. */
@NullMarked
package dev.realtime.build;

import org.jspecify.annotations.NullMarked;
