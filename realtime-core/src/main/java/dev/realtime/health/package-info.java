/** How a node is: what is checked, what its probes are told, and what an application adds. */
@NullMarked
package dev.realtime.health;

import org.jspecify.annotations.NullMarked;
