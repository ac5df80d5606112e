/** Gates that say no in time: rates, caps. */
@NullMarked
package dev.realtime.internal.limits;

import org.jspecify.annotations.NullMarked;
