/** Sessions: the state of one client in one namespace, its serial mailbox, and the pipeline that its events pass. */
@NullMarked
package dev.realtime.internal.session;

import org.jspecify.annotations.NullMarked;
