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
record Matrix(String corner, List<Measure> measures, List<Peer> peers, boolean lines) implements Table {
    @Override
    public String markdown(Results results) {
        StringBuilder text = new StringBuilder();
        List<String> headings = new ArrayList<>(List.of(corner));
        headings.addAll(
                lines
                        ? measures.stream().map(Measure::label).toList()
                        : peers.stream().map(Peer::label).toList());
        Table.line(text, headings);
        text.append('|').append("---|".repeat(headings.size())).append('\n');
        if (lines) {
            for (Peer peer : peers) {
                List<String> cells = new ArrayList<>(List.of(peer.label()));
                measures.forEach(measure -> cells.add(measure.text(results, peer.server())));
                Table.line(text, cells);
            }
        } else {
            for (Measure measure : measures) {
                List<String> cells = new ArrayList<>(List.of(measure.label()));
                peers.forEach(peer -> cells.add(measure.text(results, peer.server())));
                Table.line(text, cells);
            }
        }
        return text.append(Table.conditions(results, measures, peers)).toString();
    }
}
