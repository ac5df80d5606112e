/** The metrics of an engine in any registry of Micrometer: {@link dev.realtime.metrics.RealtimeMetrics}. */
@NullMarked
package dev.realtime.metrics;

import org.jspecify.annotations.NullMarked;
