package dev.realtime.internal.system;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;

/** How full the heap of this JVM is. What is free again by the next collection does not count. */
public final class Heap {
    /** Bytes that were in use behind the last collection of each pool; 0 before the first. */
    public long used() {
        long used = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage behind = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
            used += behind == null ? 0 : behind.getUsed();
        }
        return used;
    }

    /** Bytes that it may have. */
    public long max() {
        return Runtime.getRuntime().maxMemory();
    }
}
