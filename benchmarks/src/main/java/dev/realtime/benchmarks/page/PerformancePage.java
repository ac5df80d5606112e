package dev.realtime.benchmarks.page;

import dev.realtime.benchmarks.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Writes tables into the page, each between {@code <!-- table NAME -->} and {@code <!-- end -->}, and pictures beside it:
 * {@code PerformancePage RESULTS PAGE PICTURES}.
 */
public final class PerformancePage {
    private static final String END = "<!-- end -->";

    private PerformancePage() {}

    public static void main(String[] args) throws IOException {
        Results results = Results.read(Path.of(args[0]));
        Path page = Path.of(args[1]);
        Path pictures = Files.createDirectories(Path.of(args[2]));
        String text = Files.readString(page);
        for (Map.Entry<String, Table> table : Figures.tables().entrySet()) {
            text = replaced(text, table.getKey(), table.getValue().markdown(results));
        }
        Files.writeString(page, text);
        for (Map.Entry<String, Picture> picture : Figures.pictures().entrySet()) {
            Files.writeString(
                    pictures.resolve(picture.getKey() + ".svg"),
                    picture.getValue().svg(results));
        }
    }

    private static String replaced(String page, String name, String table) {
        String begin = "<!-- table " + name + " -->\n";
        int from = page.indexOf(begin);
        if (from < 0) {
            throw new IllegalArgumentException("the page has no place for the table " + name);
        }
        from += begin.length();
        return page.substring(0, from) + table + page.substring(page.indexOf(END, from));
    }
}
