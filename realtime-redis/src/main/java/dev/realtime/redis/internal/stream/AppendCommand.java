package dev.realtime.redis.internal.stream;

import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.wire.StreamEntryCodec;
import dev.realtime.redis.internal.wire.StreamFields;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.args.Rawable;
import redis.clients.jedis.args.RawableFactory;

/** The XADD of an entry: the command of every reliable event, so what is the same in all of them is encoded once. */
final class AppendCommand {
    private static final Rawable MAXLEN = RawableFactory.from("MAXLEN");
    private static final Rawable ABOUT = RawableFactory.from("~");
    private static final Rawable NEXT_ID = RawableFactory.from("*");
    private static final Rawable UID = RawableFactory.from("uid");
    private static final Rawable NSP = RawableFactory.from("nsp");
    private static final Rawable TYPE = RawableFactory.from("type");
    private static final Rawable DATA = RawableFactory.from("data");
    private static final Rawable NUMBER = RawableFactory.from(RawEntry.NUMBER);

    private final RedisStream stream;
    private final Rawable name;
    private final String prefix;

    AppendCommand(RedisStream stream) {
        this.stream = stream;
        this.name = RawableFactory.from(stream.name());
        this.prefix = OwnEntries.prefix(stream.writer());
    }

    void send(RedisConnection connection, Append append) {
        StreamFields fields = append.fields();
        if (append.once() != null) {
            sendOnce(connection, append, append.once());
            return;
        }
        connection.send(
                Protocol.Command.XADD,
                name,
                MAXLEN,
                ABOUT,
                stream.keep(),
                NEXT_ID,
                UID,
                fields.uid(),
                NSP,
                fields.namespace(),
                TYPE,
                StreamEntryCodec.formatType(fields.type()),
                DATA,
                fields.data(),
                NUMBER,
                number(append));
    }

    /** In full: an entry whose script is not known yet could not be sent again without losing its place. */
    private void sendOnce(RedisConnection connection, Append append, OnceAppend once) {
        StreamFields fields = append.fields();
        connection.send(
                Protocol.Command.EVAL,
                OnceAppend.SCRIPT.text(),
                2,
                name,
                once.key(stream.name(), fields.namespace()),
                number(append),
                once.remembered(),
                stream.keep(),
                UID,
                fields.uid(),
                NSP,
                fields.namespace(),
                TYPE,
                StreamEntryCodec.formatType(fields.type()),
                DATA,
                fields.data(),
                NUMBER,
                number(append));
    }

    /** The number of an entry as it stands in the stream, unique in the cluster. */
    String number(Append append) {
        return prefix + append.number();
    }

    /** Whether an entry was written by this writer. */
    boolean wrote(RawEntry entry) {
        return entry.number() != null && entry.number().startsWith(prefix);
    }
}
