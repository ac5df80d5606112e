/** Messages that are kept for a user until a client has acknowledged them; see {@link dev.realtime.mail.Mail}. */
@NullMarked
package dev.realtime.mail;

import org.jspecify.annotations.NullMarked;
