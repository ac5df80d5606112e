package dev.realtime.internal.limits;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes of a cluster have written of one user and one rule: a page for each node that has admitted something, or may. Whoever writes replaces its own page and
 * keeps those of the others. Times are the store's, in microseconds. Immutable.
 *
 * <p>As a text it has a line for each page, words with spaces between: the writer, how many events it may still admit, until when, the moments of its
 * paces, and the events that it has admitted as {@code count@time}. Numbers have base 36. A line that cannot be read is of a later version, and is kept as it is.
 *
 * @param unread lines of later versions
 */
record Ledger(List<Page> pages, List<String> unread) {
    static final Ledger EMPTY = new Ledger(List.of(), List.of());

    private static final int BASE = 36;
    private static final int FIXED_WORDS = 4;
    private static final String NO_PACES = "-";

    /** Beyond it, what is known of nodes that may admit nothing any more becomes one page; if that is not enough, times of the others are put together. */
    private static final int MANY_CHARS = 8_192;

    /** What they take, as far as is known of JVMs: a page with its name, three arrays and the place in the list; a line with its place. */
    private static final int PAGE_BYTES = 48 + 48 + 3 * 16 + 4;

    private static final int LINE_BYTES = 48 + 4;

    private static final String FORMER = "former";
    private static final int FORMER_TIMES = 64;

    /** What one node has written. Immutable. */
    static final class Page {
        private final String writer;
        private final int reserved;
        private final long until;
        private final long[] dues;
        private final int[] counts;
        private final long[] times;

        /**
         * @param reserved how many events it may admit beside those that it has told of
         * @param until when the last of those may happen
         * @param dues of the paces
         * @param counts of events
         * @param times when they have happened at the latest, the latest first
         */
        Page(String writer, int reserved, long until, long[] dues, int[] counts, long[] times) {
            this.writer = writer;
            this.reserved = reserved;
            this.until = until;
            this.dues = dues;
            this.counts = counts;
            this.times = times;
        }

        /** How many of its events count that happened later than this, as far as it can be known. */
        int countedSince(long moment) {
            int counted = until > moment ? reserved : 0;
            for (int i = 0; i < times.length && times[i] > moment; i++) {
                counted += counts[i];
            }
            return counted;
        }

        /** See {@link Ledger#notLaterThan}. */
        private Page notLaterThan(long event, long reservation, long[] latestDues) {
            boolean fits = (times.length == 0 || times[0] <= event) && until <= reservation;
            for (int i = 0; i < dues.length && i < latestDues.length; i++) {
                fits &= dues[i] <= latestDues[i];
            }
            if (fits) {
                return this;
            }
            long[] soon = dues.clone();
            for (int i = 0; i < soon.length && i < latestDues.length; i++) {
                soon[i] = Math.min(soon[i], latestDues[i]);
            }
            long[] past =
                    Arrays.stream(times).map(time -> Math.min(time, event)).toArray();
            return new Page(writer, reserved, Math.min(until, reservation), soon, counts, past);
        }

        /** Returns the same with so many times at most: none is earlier than it was. */
        private Page withTimes(int most) {
            if (times.length <= most) {
                return this;
            }
            int[] together = new int[most];
            long[] latest = new long[most];
            for (int group = 0; group < most; group++) {
                int from = times.length * group / most;
                int to = times.length * (group + 1) / most;
                latest[group] = times[from];
                together[group] = Arrays.stream(counts, from, to).sum();
            }
            return new Page(writer, reserved, until, dues, together, latest);
        }

        /** What it takes of memory, about. */
        private int bytes() {
            return PAGE_BYTES
                    + writer.length()
                    + Long.BYTES * (dues.length + times.length)
                    + Integer.BYTES * counts.length;
        }

        /** When each of its events has happened, or may. */
        private LongStream all() {
            return LongStream.concat(
                    LongStream.generate(() -> until).limit(reserved),
                    IntStream.range(0, times.length)
                            .boxed()
                            .flatMapToLong(
                                    i -> LongStream.generate(() -> times[i]).limit(counts[i])));
        }

        /** Whether nothing is later than this. */
        boolean isOver(long events, long now) {
            return countedSince(events) == 0
                    && until <= now
                    && Arrays.stream(dues).noneMatch(due -> due > now);
        }

        private void write(StringBuilder text) {
            text.append(writer).append(' ').append(number(reserved)).append(' ').append(number(until));
            text.append(' ').append(dues.length == 0 ? NO_PACES : "");
            for (int i = 0; i < dues.length; i++) {
                text.append(i == 0 ? "" : ",").append(number(dues[i]));
            }
            for (int i = 0; i < times.length; i++) {
                text.append(' ').append(number(counts[i])).append('@').append(number(times[i]));
            }
            text.append('\n');
        }

        private static @Nullable Page parse(String line) {
            String[] words = line.split(" ", -1);
            if (words.length < FIXED_WORDS) {
                return null;
            }
            try {
                String[] paces = words[3].equals(NO_PACES) ? new String[0] : words[3].split(",", -1);
                int[] counts = new int[words.length - FIXED_WORDS];
                long[] times = new long[counts.length];
                for (int i = 0; i < counts.length; i++) {
                    String entry = words[FIXED_WORDS + i];
                    int at = entry.indexOf('@');
                    counts[i] = Integer.parseInt(entry.substring(0, Math.max(0, at)), BASE);
                    times[i] = Long.parseLong(entry.substring(at + 1), BASE);
                }
                return new Page(
                        words[0],
                        Integer.parseInt(words[1], BASE),
                        Long.parseLong(words[2], BASE),
                        Arrays.stream(paces)
                                .mapToLong(pace -> Long.parseLong(pace, BASE))
                                .toArray(),
                        counts,
                        times);
            } catch (NumberFormatException later) {
                return null;
            }
        }

        private static String number(long value) {
            return Long.toString(value, BASE);
        }
    }

    static Ledger parse(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return EMPTY;
        }
        List<Page> pages = new ArrayList<>();
        List<String> unread = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            Page page = Page.parse(line);
            if (page == null && !line.isEmpty()) {
                unread.add(line);
            } else if (page != null) {
                pages.add(page);
            }
        }
        return new Ledger(List.copyOf(pages), List.copyOf(unread));
    }

    /** Returns what others than this writer have written. */
    Ledger without(String writer) {
        return new Ledger(
                pages.stream().filter(page -> !page.writer.equals(writer)).toList(), unread);
    }

    /**
     * Returns the same without what does not count any more.
     *
     * @param events what happened until then does not count
     * @param now no time to come is earlier
     */
    Ledger since(long events, long now) {
        return new Ledger(
                pages.stream().filter(page -> !page.isOver(events, now)).toList(), unread);
    }

    /**
     * Returns the same as whoever reads it now may believe it: what has been written has happened, and what is reserved ends soon. Only where the store's clock has been
     * set back does it say anything else, and that must not refuse anybody until the clock is there again.
     *
     * @param event no event is later
     * @param reservation no reservation ends later
     * @param dues of the paces, than which none is later
     */
    Ledger notLaterThan(long event, long reservation, long[] dues) {
        return new Ledger(
                pages.stream()
                        .map(page -> page.notLaterThan(event, reservation, dues))
                        .toList(),
                unread);
    }

    /** What it takes of memory, about. */
    int bytes() {
        int bytes = 0;
        for (Page page : pages) {
            bytes += page.bytes();
        }
        for (String line : unread) {
            bytes += LINE_BYTES + line.length();
        }
        return bytes;
    }

    /** How many events count that happened later than this. */
    int countedSince(long moment) {
        int counted = 0;
        for (Page page : pages) {
            counted += page.countedSince(moment);
        }
        return counted;
    }

    /** When each event has happened that counts, at the latest. */
    LongStream times() {
        return pages.stream().flatMapToLong(Page::all);
    }

    /** When the next event is due at one of the paces, as the others know it. */
    long due(int pace) {
        long due = 0;
        for (Page page : pages) {
            due = Math.max(due, pace < page.dues.length ? page.dues[pace] : 0);
        }
        return due;
    }

    /**
     * Returns the text with the page of one more writer.
     *
     * @return null if there is nothing to be written
     */
    @Nullable
    String with(Page mine, long now) {
        String text = text(pages, mine);
        if (text == null || text.length() <= MANY_CHARS) {
            return text;
        }
        List<Page> fewer = fewer(now);
        text = text(fewer, mine);
        for (int most = FORMER_TIMES / 2; text != null && text.length() > MANY_CHARS && most > 0; most /= 2) {
            int times = most;
            text = text(fewer.stream().map(page -> page.withTimes(times)).toList(), mine);
        }
        return text;
    }

    private @Nullable String text(List<Page> others, Page mine) {
        StringBuilder text = new StringBuilder();
        others.forEach(page -> page.write(text));
        if (mine.reserved > 0 || mine.times.length > 0) {
            mine.write(text);
        }
        unread.forEach(line -> text.append(line).append('\n'));
        return text.isEmpty() ? null : text.toString();
    }

    /** Puts together what nodes have written whose time is over. One that comes back has its events counted twice until they are over. */
    private List<Page> fewer(long now) {
        List<Page> fewer = new ArrayList<>();
        List<Page> former = new ArrayList<>();
        pages.forEach(page -> (page.until > now ? fewer : former).add(page));
        long[] dues = {};
        for (Page page : former) {
            long[] both = Arrays.copyOf(dues, Math.max(dues.length, page.dues.length));
            for (int i = 0; i < page.dues.length; i++) {
                both[i] = Math.max(both[i], page.dues[i]);
            }
            dues = both;
        }
        long[] times = former.stream().flatMapToLong(Page::all).sorted().toArray();
        int groups = Math.min(FORMER_TIMES, times.length);
        int[] counts = new int[groups];
        long[] latest = new long[groups];
        for (int i = 0; i < groups; i++) {
            int from = (int) ((long) times.length * (groups - i - 1) / groups);
            int to = (int) ((long) times.length * (groups - i) / groups);
            counts[i] = to - from;
            latest[i] = times[to - 1];
        }
        fewer.add(new Page(FORMER, 0, 0, dues, counts, latest));
        return fewer;
    }
}
