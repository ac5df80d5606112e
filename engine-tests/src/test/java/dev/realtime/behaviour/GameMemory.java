package dev.realtime.behaviour;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.health.MemoryAccount;
import dev.realtime.limits.Limits;
import dev.realtime.limits.OutboxLimits;

/** The code of docs/memory.md. */
final class GameMemory {
    private GameMemory() {}

    static RealtimeBuilder game() {
        return Realtime.builder()
                .limits(Limits.DEFAULT.maxOutboundBytes(256 << 20).maxInboundBytes(256 << 20))
                .outbox(OutboxLimits.DEFAULT.maxBytes(512 << 10).maxMessages(2_000))
                .namespace("/", game -> game.allowAnonymous());
    }

    static String report(Realtime realtime) {
        StringBuilder report = new StringBuilder();
        MemoryAccount memory = realtime.memory();
        for (MemoryAccount.Part part : memory.parts()) {
            report.append(part.name()).append(' ').append(part.used());
            if (part.limit() > 0) {
                report.append(" of ").append(part.limit());
            }
            report.append('\n');
        }
        return report.append("all ").append(memory.used()).toString();
    }
}
