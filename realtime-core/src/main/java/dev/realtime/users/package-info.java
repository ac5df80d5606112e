/** Users of the whole cluster: where they are, what they may do, and what is decided about them at run time. See {@link dev.realtime.users.Users}. */
@NullMarked
package dev.realtime.users;

import org.jspecify.annotations.NullMarked;
