/** What docs/cluster.md and the chapter on many nodes in README.md show, compiled and run. */
@NullMarked
package dev.realtime.redis.document;

import org.jspecify.annotations.NullMarked;
