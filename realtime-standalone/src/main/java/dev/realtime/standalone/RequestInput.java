package dev.realtime.standalone;

import org.jspecify.annotations.Nullable;

/** The bytes that an HTTP client has sent and that have not been read yet: heads of requests, and parts of bodies. Not thread-safe. */
final class RequestInput {
    private final HeadScanner scanner;
    private byte[] bytes = new byte[0];
    private int start;

    /** @param maxHeaderBytes of a request's head */
    RequestInput(int maxHeaderBytes) {
        this.scanner = new HeadScanner(maxHeaderBytes);
    }

    void add(byte[] more, int length) {
        int kept = length();
        byte[] joined = new byte[kept + length];
        System.arraycopy(bytes, start, joined, 0, kept);
        System.arraycopy(more, 0, joined, kept, length);
        bytes = joined;
        start = 0;
    }

    boolean isEmpty() {
        return start == bytes.length;
    }

    /** Returns how many bytes have not been read. */
    int length() {
        return bytes.length - start;
    }

    /** Returns how many bytes of memory are held. */
    int held() {
        return bytes.length;
    }

    void clear() {
        bytes = new byte[0];
        start = 0;
    }

    /**
     * Passes over the empty lines that some clients send behind a body (RFC 9112 section 2.2).
     *
     * @return whether a request begins here; false when that takes further bytes to tell
     */
    boolean atRequest() {
        while (!isEmpty() && bytes[start] == '\r') {
            if (start + 1 == bytes.length) {
                return false;
            }
            if (bytes[start + 1] != '\n') {
                return true; // the scanner refuses it
            }
            start += 2;
        }
        return !isEmpty();
    }

    /** Reads the head of the next request; null as long as it has not come as a whole. */
    @Nullable
    RequestHead head() throws RequestRefusedException {
        int end = scanner.scan(bytes, start, bytes.length);
        if (end < 0) {
            return null;
        }
        scanner.reset();
        RequestHead head = HeadParser.parse(bytes, start);
        start = end;
        return head;
    }

    /** Reads what has come of a body; returns whether there was anything. */
    boolean body(BodyDecoder decoder, BodyCollector into) throws RequestRefusedException {
        int before = start;
        start = decoder.read(bytes, start, bytes.length, into);
        return start > before;
    }
}
