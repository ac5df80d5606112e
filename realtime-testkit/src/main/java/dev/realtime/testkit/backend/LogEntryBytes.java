package dev.realtime.testkit.backend;

import dev.realtime.spi.EventData;
import dev.realtime.spi.EventTerms;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Target;

/** The bytes of a log entry. Equal entries have equal bytes, so that one seed has one trace. */
final class LogEntryBytes {
    private LogEntryBytes() {}

    static byte[] write(LogEntry entry) {
        ByteWriter out = new ByteWriter();
        if (entry instanceof LogEntry.Emit emit) {
            out.number(0);
            ValueBytes.target(out, emit.target());
            ValueBytes.event(out, emit.event());
            out.number(emit.terms().lifeMillis());
            ValueBytes.texts(out, emit.terms().headers());
        } else if (entry instanceof LogEntry.Join join) {
            out.number(1);
            ValueBytes.target(out, join.target());
            out.strings(join.rooms());
        } else if (entry instanceof LogEntry.Leave leave) {
            out.number(2);
            ValueBytes.target(out, leave.target());
            out.strings(leave.rooms());
        } else if (entry instanceof LogEntry.Disconnect disconnect) {
            out.number(3);
            ValueBytes.target(out, disconnect.target());
            out.flag(disconnect.closeConnection());
        } else if (entry instanceof LogEntry.Note note) {
            out.number(4);
            out.text(note.kind());
            out.text(note.text());
        }
        return out.bytes();
    }

    static LogEntry entry(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        long kind = in.number();
        if (kind == 4) {
            return new LogEntry.Note(in.text(), in.text());
        }
        Target target = ValueBytes.target(in);
        if (kind == 0) {
            EventData event = ValueBytes.event(in);
            return new LogEntry.Emit(target, event, new EventTerms(in.number(), ValueBytes.texts(in)));
        } else if (kind == 1) {
            return new LogEntry.Join(target, in.strings());
        } else if (kind == 2) {
            return new LogEntry.Leave(target, in.strings());
        }
        return new LogEntry.Disconnect(target, in.flag());
    }
}
