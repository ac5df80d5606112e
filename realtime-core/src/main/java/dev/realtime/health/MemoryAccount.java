package dev.realtime.health;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;

/**
 * What a node holds in memory at one moment, and for what, in bytes: about, as far as is known of JVMs. Immutable.
 *
 * <pre>{@code
 * MemoryAccount memory = realtime.memory();
 * long waiting = memory.part("outbound").used();
 * }</pre>
 *
 * @param parts each of another kind of bytes, in an order that stays: {@code arriving}, {@code connecting}, {@code opening}, {@code waiting}, {@code unread}, {@code outbound},
 *     {@code replay}, {@code rates}, {@code presence}, {@code state}, {@code mail}; what each of them is stands in {@code docs/memory.md}
 * @param heapUsed what was in use of the heap behind the last collection of each part of it, by whoever it is; 0 before the first one
 * @param heapMax what the heap may have
 */
public record MemoryAccount(List<Part> parts, long heapUsed, long heapMax) {
    public MemoryAccount {
        parts = List.copyOf(parts);
    }

    /**
     * One kind of bytes.
     *
     * @param name of the part
     * @param used now
     * @param limit how many there may be; 0 if nothing but the number of sessions, states or messages bounds them
     * @param isRefused whether clients notice when it is full: what would be more is refused, or they are disconnected. Otherwise the oldest is forgotten
     */
    public record Part(String name, long used, long limit, boolean isRefused) {
        public Part {
            Objects.requireNonNull(name, "name");
        }

        /** Returns which part of the limit is used, from 0 to 1 and beyond; 0 if there is none. */
        public double saturation() {
            return limit == 0 ? 0 : (double) used / limit;
        }
    }

    /**
     * Returns the part of a name.
     *
     * @throws NoSuchElementException if there is none
     */
    public Part part(String name) {
        Objects.requireNonNull(name, "name");
        return parts.stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("there is no part '" + name + "'"));
    }

    /** Returns what all parts hold together. */
    public long used() {
        return parts.stream().mapToLong(Part::used).sum();
    }

    /** Returns what all parts may hold together, those that have a limit: the heap has to have room for it, for what the application holds, and for garbage. */
    public long limit() {
        return parts.stream().mapToLong(Part::limit).sum();
    }
}
