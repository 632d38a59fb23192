package com.example.app;

/** Values that come after the call that asked for them: by a task that it returned, or a callback that it was given. */
final class Awaits {
    abstract static class Job { abstract Object get(); }

    abstract static class Told { abstract void tell(String value); }

    /** Loaded by the first call that asks. */
    static final class Done extends Job {
        private final String value;
        private int calls;

        Done(String value) { this.value = value; }

        @Override Object get() {
            calls++;
            return value;
        }
    }

    static final class Own extends Told {
        private String heard = "";

        @Override void tell(String value) { heard += value + ";"; }
    }

    private static Job asked, foreign;
    private static Told given, kept;

    private Awaits() {}

    static Job job(String value) { return new Done(value); }

    static Job other(String value) { return new Done(value); }

    static void ask(Told told) { kept = told; }

    static void begin() {
        asked = job("490154203237518");
        foreign = other("490154203237519");
        given = new Own();
        ask(given);
    }

    /** What the app sees: results, how often its code ran, and whether its callback is the object that it gave. */
    static String end() {
        kept.tell("490154203237520");
        return asked.get() + " " + asked.get() + " " + foreign.get() + " " + ((Done) asked).calls + " " + ((Own) given).heard
            + " " + (kept == given);
    }
}
