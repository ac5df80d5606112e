/** Traces that go through an engine: what comes in with clients and from other nodes, and what goes along to them. */
@NullMarked
package dev.realtime.internal.traces;

import org.jspecify.annotations.NullMarked;
