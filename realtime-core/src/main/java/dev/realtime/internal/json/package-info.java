/**
 * JSON on the wire: a scanner that validates text without building anything, and the Jackson codec that binds
 * arguments to records and lifts binary values out of them.
 */
@NullMarked
package dev.realtime.internal.json;

import org.jspecify.annotations.NullMarked;
