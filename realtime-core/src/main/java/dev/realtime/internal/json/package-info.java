/**
 * JSON on the wire: a scanner that validates text without building objects, and the Jackson codec, which binds
 * arguments to records and takes binary values out of them.
 */
@NullMarked
package dev.realtime.internal.json;

import org.jspecify.annotations.NullMarked;
