/** Namespaces as they are configured and as they live: their sessions, audiences and resumes. */
@NullMarked
package dev.realtime.internal.namespace;

import org.jspecify.annotations.NullMarked;
