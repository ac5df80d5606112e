/**
 * A cluster of real processes under real faults: nodes are killed and frozen, Redis is killed, restarted and failed over, while a thousand
 * clients count what they receive.
 */
@NullMarked
package dev.realtime.redis.faults;

import org.jspecify.annotations.NullMarked;
