/** The namespaces of a node as they live: each with its sessions, its rooms and the fan-out that follows its log. */
@NullMarked
package dev.realtime.internal.namespace;

import org.jspecify.annotations.NullMarked;
