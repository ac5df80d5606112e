package dev.realtime.benchmarks;

import dev.realtime.benchmarks.load.LoadException;
import java.io.IOException;

/** What has been written into the log of a cluster, as it lies in Redis. */
final class StreamCounts implements AutoCloseable {
    private static final String STREAM = "socket.io";

    /** All in Redis, page by page: how many entries there are behind one, and how many bytes their fields have. */
    private static final String COUNT = """
            local last, entries, bytes = ARGV[1], 0, 0
            while true do
              local page = redis.call('XRANGE', KEYS[1], '(' .. last, '+', 'COUNT', 1000)
              if #page == 0 then return entries .. ' ' .. bytes end
              for _, entry in ipairs(page) do
                last = entry[1]
                entries = entries + 1
                for _, field in ipairs(entry[2]) do bytes = bytes + #field end
              end
            end
            """;

    private static final String LAST = """
            local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
            return last and last[1] or '0-0'
            """;

    private final RedisClient redis;
    private String mark = "0-0";

    /** @param bytes names and values of fields */
    record Written(long entries, long bytes) {}

    StreamCounts(RedisProcess redis) throws IOException {
        this.redis = redis.client();
    }

    /** What is written from now on counts. */
    void mark() throws IOException {
        mark = eval(LAST);
    }

    Written written() throws IOException {
        String[] counts = eval(COUNT, mark).split(" ", 2);
        return new Written(Long.parseLong(counts[0]), Long.parseLong(counts[1]));
    }

    private String eval(String script, String... arguments) throws IOException {
        String[] command = new String[4 + arguments.length];
        command[0] = "EVAL";
        command[1] = script;
        command[2] = "1";
        command[3] = STREAM;
        System.arraycopy(arguments, 0, command, 4, arguments.length);
        String answer = redis.ask(command);
        if (answer == null) {
            throw new LoadException("Redis does not say what is in the log");
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        redis.close();
    }
}
