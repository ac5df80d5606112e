/** JSON Web Tokens: where a client shows one, whether it is valid, and who the client is. Uses java-jwt. */
@NullMarked
package dev.realtime.internal.jwt;

import org.jspecify.annotations.NullMarked;
