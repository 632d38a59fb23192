package com.example.sdkhost;

import android.content.Context;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What became of the calls, one line each, in a file that both processes write. */
final class Outcome {
    private static final int LINES = 60;

    private Outcome() {}

    static synchronized void add(Context context, String line) {
        if (lines(context).size() >= LINES) {
            return;
        }
        try (FileWriter out = new FileWriter(file(context), true)) {
            out.write(line.replace('\n', ' ') + "\n");
        } catch (IOException full) {
            // the screen then lacks the line, and the check says that nothing is known of the call
        }
    }

    /** An error that nothing of the library caught. */
    static void stopped(Context context, String where, Throwable error) {
        add(context, "thread " + where + ": " + words(error));
    }

    /** The error as one line: where the runtime lacks something, its name. */
    static String words(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String lacks = cause instanceof LinkageError || cause instanceof ClassNotFoundException ? "stopped at " : "threw ";
        String message = cause.getMessage() == null ? "" : " " + cause.getMessage();
        String line = lacks + cause.getClass().getSimpleName() + message;
        return line.length() > 160 ? line.substring(0, 160) : line;
    }

    static List<String> lines(Context context) {
        List<String> lines = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new FileReader(file(context)))) {
            for (String line = in.readLine(); line != null && lines.size() < LINES; line = in.readLine()) {
                lines.add(line);
            }
        } catch (IOException none) {
            return lines;
        }
        return lines;
    }

    private static File file(Context context) {
        return new File(context.getFilesDir(), "calls.txt");
    }
}
