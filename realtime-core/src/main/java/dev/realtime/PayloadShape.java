package dev.realtime;

/** How a payload stands among the arguments of a packet. */
public enum PayloadShape {
    /** No argument. */
    NONE,
    /** One argument: the payload itself. */
    SINGLE,
    /** The components of a record, one argument each, in their order. */
    ARGUMENTS
}
