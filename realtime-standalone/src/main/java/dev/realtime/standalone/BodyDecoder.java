package dev.realtime.standalone;

/** Finds where a request's body ends. */
interface BodyDecoder {
    /** Takes the body's own bytes. */
    interface Sink {
        /** @return false when it cannot take them now; they are offered again */
        boolean take(byte[] bytes, int from, int length);
    }

    /**
     * Reads on.
     *
     * @return the index of the first byte that was not read: {@code end}, or less when the body is over or the sink has no room
     */
    int read(byte[] bytes, int from, int end, Sink sink) throws RequestRefusedException;

    boolean isDone();

    /** As the head says. */
    static BodyDecoder of(RequestHead head, int maxTrailer) {
        return head.length() == RequestHead.CHUNKED ? new ChunkedBody(maxTrailer) : new CountedBody(head.length());
    }

    /** So many bytes. */
    final class CountedBody implements BodyDecoder {
        private long left;

        CountedBody(long length) {
            left = length;
        }

        @Override
        public int read(byte[] bytes, int from, int end, Sink sink) {
            int now = (int) Math.min(left, end - from);
            if (now > 0 && !sink.take(bytes, from, now)) {
                return from;
            }
            left -= now;
            return from + now;
        }

        @Override
        public boolean isDone() {
            return left == 0;
        }
    }
}
