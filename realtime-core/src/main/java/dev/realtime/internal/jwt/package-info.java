/** JSON Web Tokens: where a client shows one, whether it is good, and who it says the client is. Stands on java-jwt. */
@NullMarked
package dev.realtime.internal.jwt;

import org.jspecify.annotations.NullMarked;
