/** The servlet that serves an engine from a Jakarta container: {@link dev.realtime.jakarta.RealtimeServlet}. */
@NullMarked
package dev.realtime.jakarta;

import org.jspecify.annotations.NullMarked;
