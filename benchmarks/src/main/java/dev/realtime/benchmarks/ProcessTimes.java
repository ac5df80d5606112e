package dev.realtime.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** CPU time as the kernel counts it: user and system time of a process so far, threads that ended included. */
final class ProcessTimes {
    private ProcessTimes() {}

    static long ownNanos() throws IOException {
        return nanos("/proc/self/stat");
    }

    static long nanos(long pid) throws IOException {
        return nanos("/proc/" + pid + "/stat");
    }

    private static long nanos(String statFile) throws IOException {
        String stat = Files.readString(Path.of(statFile));
        // The command in parentheses may hold spaces; utime and stime are the 12th and 13th field after it.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        return ticks * 10_000_000; // the kernel reports 100 ticks a second to user space on every architecture
    }
}
