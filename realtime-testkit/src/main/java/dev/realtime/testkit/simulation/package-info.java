/** The simulator: whole clusters under random load and random faults, and checks that the clients received exactly what they should have. */
@NullMarked
package dev.realtime.testkit.simulation;

import org.jspecify.annotations.NullMarked;
