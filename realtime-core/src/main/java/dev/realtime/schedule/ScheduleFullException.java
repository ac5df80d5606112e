package dev.realtime.schedule;

/** The schedule of a namespace has no room for another event; {@link ScheduleOptions} says how much it has. */
public final class ScheduleFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Says which namespace it is. */
    public ScheduleFullException(String namespace, int maxEvents, long maxBytes) {
        super("the schedule of " + namespace + " is full: it holds at most " + maxEvents + " events and " + maxBytes
                + " bytes, see ScheduleOptions");
    }
}
