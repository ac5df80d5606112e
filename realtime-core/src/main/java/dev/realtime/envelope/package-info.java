/** What the server says of an event: who sent it and when, until when it holds, and what goes along with it from node to node. */
@NullMarked
package dev.realtime.envelope;

import org.jspecify.annotations.NullMarked;
