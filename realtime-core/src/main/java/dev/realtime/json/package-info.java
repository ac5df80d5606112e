/** Options of the default JSON codec: {@link dev.realtime.json.JacksonJson}. */
@NullMarked
package dev.realtime.json;

import org.jspecify.annotations.NullMarked;
