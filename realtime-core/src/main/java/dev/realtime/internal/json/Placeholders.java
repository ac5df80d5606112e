package dev.realtime.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The placeholders of a text: the objects that stand for its attachments, as {@code {"_placeholder":true,"num":0}}.
 *
 * <p>Judged by parsed tokens, as clients judge: a name may be written with escapes, and members stand in any order. A client of any kind takes an
 * object for a placeholder as soon as its member {@code _placeholder} is true, whatever else is in it; the official JavaScript client
 * closes its connection when such an object points nowhere, others crash. So an object that claims to be a placeholder must be one and
 * nothing else, the member has no other value than true and false, and no attachment has two placeholders, for it would come out twice
 * as large as it came in.
 */
public final class Placeholders {
    static final String NAME = "_placeholder";
    private static final String NUMBER = "num";

    /** Its texts have been validated, so all that it bounds is bounded already. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final BitSet attachments = new BitSet();
    private int[] starts = new int[4]; // where the objects begin
    private int[] numbers = new int[4];
    private int count;

    private Placeholders() {}

    /** Whether the name of a member, its quotes included, is that of the placeholders. */
    static boolean isName(String text, int quote, int end) {
        int length = end - quote;
        if (length == NAME.length() + 2) {
            return text.startsWith(NAME, quote + 1);
        }
        // longer by escapes, which spell one character in up to six
        return length > NAME.length() + 2
                && length <= 6 * NAME.length() + 2
                && JsonSlices.unescape(text, quote, end).equals(NAME);
    }

    /** Whether a valid text has one placeholder for each of so many attachments, and nothing that looks like another. */
    public static boolean areComplete(String json, int attachments) {
        try {
            Placeholders found = read(json, attachments);
            return found != null && found.count == attachments;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Finds the placeholders of one value, whose attachments may in part have theirs in other values.
     *
     * @return null if something claims to be a placeholder and is none, or two stand for one attachment
     * @throws IOException if it is no JSON
     */
    static @Nullable Placeholders read(String json, int attachments) throws IOException {
        try (JsonParser parser = FACTORY.createParser(json)) {
            Placeholders found = new Placeholders();
            return found.read(parser, attachments) ? found : null;
        }
    }

    private boolean read(JsonParser json, int limit) throws IOException {
        Deque<Candidate> open = new ArrayDeque<>();
        for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
            switch (token) {
                case START_OBJECT ->
                    open.push(new Candidate((int) json.currentTokenLocation().getCharOffset()));
                case FIELD_NAME -> {
                    Candidate candidate = open.element();
                    candidate.members++;
                    String name = json.currentName();
                    if (name.equals(NAME)) {
                        JsonToken value = json.nextToken();
                        if (value != JsonToken.VALUE_TRUE && value != JsonToken.VALUE_FALSE) {
                            return false;
                        }
                        candidate.claims |= value == JsonToken.VALUE_TRUE;
                    } else if (name.equals(NUMBER)) {
                        candidate.number = number(json, open);
                    }
                }
                case END_OBJECT -> {
                    Candidate candidate = open.pop();
                    if (candidate.claims && !add(candidate, limit)) {
                        return false;
                    }
                }
                default -> {}
            }
        }
        return true;
    }

    /** The value of a member, or -1 if it is no number of an attachment. */
    private static int number(JsonParser json, Deque<Candidate> open) throws IOException {
        JsonToken value = json.nextToken();
        if (value == JsonToken.START_OBJECT) {
            open.push(new Candidate((int) json.currentTokenLocation().getCharOffset()));
        }
        if (value != JsonToken.VALUE_NUMBER_INT || json.getTextLength() > 9) {
            return -1;
        }
        return json.getIntValue();
    }

    private boolean add(Candidate candidate, int limit) {
        int number = candidate.number;
        if (candidate.members != 2 || number < 0 || number >= limit || attachments.get(number)) {
            return false;
        }
        attachments.set(number);
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            numbers = Arrays.copyOf(numbers, 2 * count);
        }
        starts[count] = candidate.start;
        numbers[count++] = number;
        return true;
    }

    /** The attachment whose placeholder begins at this character, or -1. */
    int at(int start) {
        int index = Arrays.binarySearch(starts, 0, count, start);
        return index < 0 ? -1 : numbers[index];
    }

    /** An object that may turn out to be a placeholder. */
    private static final class Candidate {
        private final int start;
        private int members;
        private boolean claims;
        private int number = -1;

        Candidate(int start) {
            this.start = start;
        }
    }
}
