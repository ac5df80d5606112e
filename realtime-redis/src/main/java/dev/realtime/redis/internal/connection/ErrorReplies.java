package dev.realtime.redis.internal.connection;

import java.util.Set;
import redis.clients.jedis.exceptions.JedisDataException;

/** What error replies mean. */
public final class ErrorReplies {
    private static final Set<String> PASSING = Set.of(
            "LOADING",
            "READONLY",
            "MASTERDOWN",
            "CLUSTERDOWN",
            "TRYAGAIN",
            "MOVED",
            "ASK",
            "BUSY",
            "MISCONF",
            "NOREPLICAS",
            "UNBLOCKED",
            "OOM");

    private ErrorReplies() {}

    /** Whether the server cannot do now what it will do later, or another server would. */
    public static boolean isPassing(JedisDataException reply) {
        return PASSING.contains(code(reply));
    }

    /** Whether the user may not do this. */
    public static boolean isDenied(JedisDataException reply) {
        return code(reply).equals("NOPERM");
    }

    /** Whether the keys of one call live on several servers. */
    public static boolean isAcrossSlots(JedisDataException reply) {
        return code(reply).equals("CROSSSLOT");
    }

    /** The first word. */
    static String code(JedisDataException reply) {
        String message = String.valueOf(reply.getMessage());
        int space = message.indexOf(' ');
        return space < 0 ? message : message.substring(0, space);
    }
}
