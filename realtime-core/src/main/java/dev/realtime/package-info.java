/**
 * The public API: an embeddable real-time engine for game backends. Start at {@link dev.realtime.Realtime}.
 *
 * <p>A {@link dev.realtime.Session} is one client in one {@link dev.realtime.Namespace}; it joins {@link dev.realtime.Room}s, receives
 * {@link dev.realtime.Event}s and answers {@link dev.realtime.Request}s, and survives its connection for the
 * {@linkplain dev.realtime.Recovery recovery window}.
 */
@NullMarked
package dev.realtime;

import org.jspecify.annotations.NullMarked;
