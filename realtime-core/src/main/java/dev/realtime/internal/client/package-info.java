/** One client behind its connection, with its sessions in all of its namespaces. */
@NullMarked
package dev.realtime.internal.client;

import org.jspecify.annotations.NullMarked;
