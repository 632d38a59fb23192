package android.util;

@Deprecated
public class TimingLogger {
    public TimingLogger(String tag, String label) {}

    public void reset() {}
    public void addSplit(String label) {}
    public void dumpToLog() {}
}
