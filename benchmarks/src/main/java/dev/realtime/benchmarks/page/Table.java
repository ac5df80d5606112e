package dev.realtime.benchmarks.page;

import dev.realtime.benchmarks.Results;
import java.util.List;

/** Something that is written as a table. */
interface Table {
    String markdown(Results results);

    static void line(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    /** Returns how the first of them that somebody measured was measured. */
    static String conditions(Results results, List<Measure> measures, List<Peer> peers) {
        for (Measure measure : measures) {
            for (Peer peer : peers) {
                String found = results.conditions(measure.scenario(), peer.server());
                if (!found.isEmpty()) {
                    int rounds = results.rounds(measure.scenario(), peer.server());
                    return "\n<sub>Medians of " + rounds + (rounds == 1 ? " round. " : " rounds. ") + found
                            + "</sub>\n";
                }
            }
        }
        return "\n<sub>Not measured.</sub>\n";
    }
}
