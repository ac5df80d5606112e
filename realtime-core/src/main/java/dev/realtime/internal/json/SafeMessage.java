package dev.realtime.internal.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.nio.ByteBuffer;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Says what is wrong with a payload without repeating what the client sent: the place, cut short and with anything but
 * letters, digits and a little punctuation replaced (keys of maps are the client's), and what the record expects there.
 */
final class SafeMessage {

    private static final int MAX_PATH = 64;

    private SafeMessage() {}

    static String unreadable(StreamReadException error) {
        if (error instanceof InputCoercionException overflow) {
            return "the payload must be " + expected(overflow.getTargetType());
        }
        return "the payload is not valid JSON";
    }

    static String misfit(JsonProcessingException error) {
        if (error instanceof StreamConstraintsException) {
            return "the payload exceeds a limit";
        }
        if (!(error instanceof JsonMappingException mapping)) {
            return "the payload cannot be read";
        }
        Class<?> type = mapping instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : null;
        if (mapping.getCause() instanceof StreamConstraintsException) {
            return misfit((StreamConstraintsException) mapping.getCause());
        }
        if (mapping.getCause() instanceof InputCoercionException overflow) {
            type = overflow.getTargetType();
        } else if (mapping.getCause() instanceof StreamReadException cause) {
            return unreadable(cause);
        }
        String path = path(mapping);
        boolean left = mapping instanceof MismatchedInputException
                && mapping.getOriginalMessage().startsWith("Missing required creator property");
        if (left || mapping instanceof InvalidNullException) {
            return path.isEmpty() ? "the payload is missing" : path + " is missing";
        }
        String expected = expected(type);
        String problem = expected == null ? "is not valid" : "must be " + expected;
        return path.isEmpty() ? "the payload " + problem : path + " " + problem;
    }

    private static String path(JsonMappingException error) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : error.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.length() == 0 ? "" : ".").append(step.getFieldName());
            }
            if (path.length() > MAX_PATH) {
                path.setLength(MAX_PATH);
                break;
            }
        }
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean safe = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "_-.[]".indexOf(c) >= 0;
            if (!safe) {
                path.setCharAt(i, '?');
            }
        }
        return path.toString();
    }

    private static @Nullable String expected(@Nullable Class<?> type) {
        if (type == null) {
            return null;
        }
        if (type == byte[].class || ByteBuffer.class.isAssignableFrom(type)) {
            return "binary data";
        }
        if (type == int.class
                || type == long.class
                || type == short.class
                || type == byte.class
                || type == Integer.class
                || type == Long.class
                || type == Short.class
                || type == Byte.class) {
            return "an integer in range";
        }
        if (Number.class.isAssignableFrom(type) || type == double.class || type == float.class) {
            return "a number in range";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type.getPackageName().equals("java.time")) {
            return "an ISO-8601 " + type.getSimpleName();
        }
        if (CharSequence.class.isAssignableFrom(type)) {
            return "a string";
        }
        if (type.isArray() || Collection.class.isAssignableFrom(type)) {
            return "an array";
        }
        return type.isRecord() ? "an object" : null;
    }
}
