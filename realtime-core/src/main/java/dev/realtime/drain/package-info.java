/** How a node stops for a deploy: when it says so, over how long its clients move to other nodes, and until when all of it is done. */
@NullMarked
package dev.realtime.drain;

import org.jspecify.annotations.NullMarked;
