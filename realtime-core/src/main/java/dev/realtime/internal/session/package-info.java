/** One client in one namespace: its state, its serial mailbox, and the pipeline its events pass. */
@NullMarked
package dev.realtime.internal.session;

import org.jspecify.annotations.NullMarked;
