package dev.realtime.benchmarks.page;

import dev.realtime.benchmarks.Results;
import java.util.ArrayList;
import java.util.List;

/**
 * A table: a line for each measure and a column for each server, or the other way round.
 *
 * @param corner the first heading
 * @param lines whether servers have the lines
 */
record Matrix(String corner, List<Measure> measures, List<Peer> peers, boolean lines) {
    String markdown(Results results) {
        StringBuilder text = new StringBuilder();
        List<String> headings = new ArrayList<>(List.of(corner));
        headings.addAll(
                lines
                        ? measures.stream().map(Measure::label).toList()
                        : peers.stream().map(Peer::label).toList());
        line(text, headings);
        text.append('|').append("---|".repeat(headings.size())).append('\n');
        if (lines) {
            for (Peer peer : peers) {
                List<String> cells = new ArrayList<>(List.of(peer.label()));
                measures.forEach(measure -> cells.add(measure.text(results, peer.server())));
                line(text, cells);
            }
        } else {
            for (Measure measure : measures) {
                List<String> cells = new ArrayList<>(List.of(measure.label()));
                peers.forEach(peer -> cells.add(measure.text(results, peer.server())));
                line(text, cells);
            }
        }
        text.append("\n<sub>").append(conditions(results)).append("</sub>\n");
        return text.toString();
    }

    /** How the first of them that somebody measured was measured. */
    private String conditions(Results results) {
        for (Measure measure : measures) {
            for (Peer peer : peers) {
                String found = results.conditions(measure.scenario(), peer.server());
                if (!found.isEmpty()) {
                    int rounds = results.rounds(measure.scenario(), peer.server());
                    return "Medians of " + rounds + (rounds == 1 ? " round. " : " rounds. ") + found;
                }
            }
        }
        return "Not measured.";
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
