package android.app.usage;

public final class UsageEvents {
    public boolean hasNextEvent() {
        return false;
    }

    public boolean getNextEvent(Event eventOut) {
        return false;
    }

    public static final class Event {
        public String getPackageName() {
            return null;
        }
    }
}
