/** The running namespaces of a node, each with its sessions, its rooms and the fan-out that follows its log. */
@NullMarked
package dev.realtime.internal.namespace;

import org.jspecify.annotations.NullMarked;
