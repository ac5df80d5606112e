package dev.realtime.build;

import java.util.ArrayList;
import java.util.List;

/** What differs between two texts, line by line, each change under the last line before it that is not indented. */
final class LineDiff {
    private LineDiff() {}

    static String between(List<String> before, List<String> after) {
        int[][] common = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int k = after.size() - 1; k >= 0; k--) {
                common[i][k] = before.get(i).equals(after.get(k))
                        ? common[i + 1][k + 1] + 1
                        : Math.max(common[i + 1][k], common[i][k + 1]);
            }
        }
        List<String> lines = new ArrayList<>();
        String heading = "";
        int i = 0;
        int k = 0;
        while (i < before.size() || k < after.size()) {
            boolean removed = k == after.size() || (i < before.size() && common[i + 1][k] >= common[i][k + 1]);
            if (i < before.size() && k < after.size() && before.get(i).equals(after.get(k))) {
                heading = before.get(i).startsWith(" ") ? heading : before.get(i);
                i++;
                k++;
                continue;
            }
            String line = removed ? before.get(i++) : after.get(k++);
            if (line.startsWith(" ") && !heading.isEmpty()) {
                lines.add("  " + heading);
                heading = "";
            }
            lines.add((removed ? "- " : "+ ") + line);
        }
        return String.join("\n", lines);
    }
}
