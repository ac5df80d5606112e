/** Events that are emitted later: jobs in a queue that all nodes share, and each node's look at what is due. */
@NullMarked
package dev.realtime.internal.schedule;

import org.jspecify.annotations.NullMarked;
