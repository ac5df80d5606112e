package dev.realtime.standalone;

import java.util.HashMap;

/** A body in chunks (RFC 9112 section 7.1): plain sizes without extensions, and trailers that are checked and dropped. */
final class ChunkedBody implements BodyDecoder {
    private static final int MAX_SIZE_DIGITS = 8;

    private enum Part {
        SIZE,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER,
        DONE
    }

    private final int maxTrailer;
    private final HeadScanner trailers;
    private Part part = Part.SIZE;
    private long left;
    private int digits;
    private byte[] trailer = new byte[0];

    ChunkedBody(int maxTrailer) {
        this.maxTrailer = maxTrailer;
        this.trailers = new HeadScanner(maxTrailer);
    }

    @Override
    public boolean isDone() {
        return part == Part.DONE;
    }

    @Override
    public int read(byte[] bytes, int from, int end, Sink sink) throws RequestRefusedException {
        int at = from;
        while (at < end && part != Part.DONE) {
            switch (part) {
                case DATA -> {
                    int now = (int) Math.min(left, end - at);
                    if (!sink.take(bytes, at, now)) {
                        return at;
                    }
                    at += now;
                    left -= now;
                    part = left == 0 ? Part.DATA_CR : Part.DATA;
                }
                case TRAILER -> at = trailer(bytes, at, end);
                default -> frame(bytes[at++]);
            }
        }
        return at;
    }

    private void frame(byte b) throws RequestRefusedException {
        switch (part) {
            case SIZE -> size(b);
            case SIZE_LF -> {
                expect(b, '\n');
                part = left == 0 ? Part.TRAILER : Part.DATA;
            }
            case DATA_CR -> {
                expect(b, '\r');
                part = Part.DATA_LF;
            }
            default -> {
                expect(b, '\n');
                digits = 0;
                left = 0;
                part = Part.SIZE;
            }
        }
    }

    private void size(byte b) throws RequestRefusedException {
        int digit = b < 0 ? -1 : Character.digit(b, 16);
        if (digit >= 0 && digits < MAX_SIZE_DIGITS) {
            left = left * 16 + digit;
            digits++;
        } else {
            expect(b, '\r');
            if (digits == 0) {
                throw bad();
            }
            part = Part.SIZE_LF;
        }
    }

    private int trailer(byte[] bytes, int from, int end) throws RequestRefusedException {
        int old = trailer.length;
        int room = Math.min(end - from, maxTrailer + 1 - old);
        byte[] grown = java.util.Arrays.copyOf(trailer, old + room);
        System.arraycopy(bytes, from, grown, old, room);
        trailer = grown;
        int over = trailers.scan(trailer, 0, trailer.length);
        if (over < 0) {
            return from + room;
        }
        int line = 0;
        while (trailer[line] != '\r') {
            int next = line;
            while (trailer[next] != '\r') {
                next++;
            }
            HeadParser.field(trailer, line, next, new HashMap<>());
            line = next + 2;
        }
        part = Part.DONE;
        trailer = new byte[0];
        return from + over - old;
    }

    private static void expect(byte b, char expected) throws RequestRefusedException {
        if (b != expected) {
            throw bad();
        }
    }

    private static RequestRefusedException bad() {
        return RequestRefusedException.malformed("bad chunk");
    }
}
