/** Gates for rates and caps, asked before anything is spent. */
@NullMarked
package dev.realtime.internal.limits;

import org.jspecify.annotations.NullMarked;
