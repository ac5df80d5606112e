/** Real Redis servers for tests: started as processes, killed, stopped and restarted at will. */
@NullMarked
package dev.realtime.redis.server;

import org.jspecify.annotations.NullMarked;
