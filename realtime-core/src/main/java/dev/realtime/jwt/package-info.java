/** Authentication by JSON Web Tokens (RFC 7519): {@link dev.realtime.jwt.JwtAuthenticator}. */
@NullMarked
package dev.realtime.jwt;

import org.jspecify.annotations.NullMarked;
