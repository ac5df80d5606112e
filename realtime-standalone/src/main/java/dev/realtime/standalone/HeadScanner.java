package dev.realtime.standalone;

/** Finds the end of a request's head as it arrives, byte by byte; refuses at once what cannot become one. */
final class HeadScanner {
    private final int limit;
    private int seen;
    private int line; // bytes of the line that the scanner is in
    private boolean first = true; // still in the request line
    private boolean cr;

    /** @param limit bytes of the head, its last empty line included */
    HeadScanner(int limit) {
        this.limit = limit;
    }

    /**
     * Looks at what came since it looked last.
     *
     * @return the index behind the head, or -1 when more has to come
     */
    int scan(byte[] bytes, int from, int end) throws RequestRefusedException {
        for (int at = from + seen; at < end; at++) {
            byte b = bytes[at];
            if (++seen > limit) {
                throw first
                        ? new RequestRefusedException(414, "request target is too long")
                        : new RequestRefusedException(431, "headers are too large");
            }
            if (cr != (b == '\n')) {
                throw RequestRefusedException.malformed("a line ends with CR LF");
            }
            cr = b == '\r';
            if (b == '\n') {
                if (line == 0) {
                    return at + 1;
                }
                line = 0;
                first = false;
            } else if (!cr) {
                line++;
                if (b == 0 || (first && (b < ' ' || b == 0x7f))) {
                    throw RequestRefusedException.malformed("control character in the head");
                }
            }
        }
        return -1;
    }

    /** For the next request. */
    void reset() {
        seen = 0;
        line = 0;
        first = true;
        cr = false;
    }
}
