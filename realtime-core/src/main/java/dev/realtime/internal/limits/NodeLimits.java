package dev.realtime.internal.limits;

/**
 * What the limits of a node share.
 *
 * @param rates who has sent how much
 * @param reports tell the application what clients were refused
 */
public record NodeLimits(RateGate rates, RefusalReports reports) {}
