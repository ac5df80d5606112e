/** Messages that are kept for users: a queue for each mailbox, which all nodes share, and who carries them to each session. */
@NullMarked
package dev.realtime.internal.mail;

import org.jspecify.annotations.NullMarked;
