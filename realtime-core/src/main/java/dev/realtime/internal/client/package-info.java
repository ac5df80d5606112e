/** One client behind its connection: the Socket.IO packets of all its namespaces. */
@NullMarked
package dev.realtime.internal.client;

import org.jspecify.annotations.NullMarked;
