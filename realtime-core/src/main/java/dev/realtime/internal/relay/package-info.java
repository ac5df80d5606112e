/** Requests of long-polling that reach a node which does not have their connection, and are answered by the node that has. */
@NullMarked
package dev.realtime.internal.relay;

import org.jspecify.annotations.NullMarked;
