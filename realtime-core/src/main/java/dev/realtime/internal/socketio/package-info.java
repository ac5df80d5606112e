/**
 * Packets of Socket.IO v5: a lazy decoder that checks everything a peer may get wrong, and an encoder whose frames
 * all recipients share.
 */
@NullMarked
package dev.realtime.internal.socketio;

import org.jspecify.annotations.NullMarked;
