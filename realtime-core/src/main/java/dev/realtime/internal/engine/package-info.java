/** The engine: assembles the parts of a node, drains them and closes them in order. */
@NullMarked
package dev.realtime.internal.engine;

import org.jspecify.annotations.NullMarked;
