/**
 * The Socket.IO v5 packet format: a lazy decoder that checks everything a peer may get wrong, and an encoder that
 * writes shared frames.
 */
@NullMarked
package dev.realtime.internal.socketio;

import org.jspecify.annotations.NullMarked;
