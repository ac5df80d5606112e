/**
 * Servlet containers under load: each carries this library's servlet, or an endpoint of its own that does as little as the load generator
 * lets it, which is what the container itself costs.
 */
@NullMarked
package dev.realtime.benchmarks.containers;

import org.jspecify.annotations.NullMarked;
