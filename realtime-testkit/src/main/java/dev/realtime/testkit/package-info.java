/** Virtual time, in-memory transport and clients for tests of applications that embed the engine. */
@NullMarked
package dev.realtime.testkit;

import org.jspecify.annotations.NullMarked;
