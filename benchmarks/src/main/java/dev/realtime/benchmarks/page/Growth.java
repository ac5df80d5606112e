package dev.realtime.benchmarks.page;

import dev.realtime.benchmarks.Results;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A table of what grows: a line for each step, and of each server what a delivery costs; of the first server also how many deliveries leave
 * together, which is what mostly decides it.
 */
record Growth(String what, String scenario, List<Integer> steps, List<Peer> peers) implements Table {
    @Override
    public String markdown(Results results) {
        StringBuilder text = new StringBuilder();
        List<String> headings = new ArrayList<>(List.of(what));
        peers.forEach(peer -> headings.add(peer.label() + ", µs of CPU per delivery"));
        headings.add(peers.get(0).label() + ", deliveries in one write");
        Table.line(text, headings);
        text.append('|').append("---|".repeat(headings.size())).append('\n');
        List<Measure> measures = new ArrayList<>();
        for (int step : steps) {
            String measured = scenario + "/" + step;
            String label = String.format(Locale.ROOT, "%,d", step);
            Measure cost = Measure.of(label, measured, "microsPerDelivery", "%.2f");
            Measure together = Measure.of(label, measured, "deliveriesPerRead", "%.1f");
            List<String> cells = new ArrayList<>(List.of(label));
            peers.forEach(peer -> cells.add(cost.text(results, peer.server())));
            cells.add(together.text(results, peers.get(0).server()));
            Table.line(text, cells);
            measures.add(cost);
        }
        return text.append(Table.conditions(results, measures, peers)).toString();
    }
}
