import java.nio.file.*;
import java.util.*;
import javax.tools.*;

/** Runs javac once for each line of arguments, separated by tabs: one start of the compiler serves all of them. */
public final class Compile {
    public static void main(String[] files) throws Exception {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        for (String line : Files.readAllLines(Path.of(files[0]))) {
            if (javac.run(null, null, null, line.split("\t")) != 0) System.exit(1);
        }
    }
}
