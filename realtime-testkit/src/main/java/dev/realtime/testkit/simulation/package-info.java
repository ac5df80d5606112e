/** Whole clusters under random load and random faults, and the proof that what the clients received is what they should have. */
@NullMarked
package dev.realtime.testkit.simulation;

import org.jspecify.annotations.NullMarked;
