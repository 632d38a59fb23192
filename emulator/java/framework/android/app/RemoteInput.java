package android.app;

public final class RemoteInput {
    private final String key;

    private RemoteInput(String key) { this.key = key; }

    public String getResultKey() { return key; }
    public static android.os.Bundle getResultsFromIntent(android.content.Intent intent) { return intent.getBundleExtra("android.remoteinput.resultsData"); }

    public static final class Builder {
        private final String key;

        public Builder(String resultKey) { key = resultKey; }

        public Builder setLabel(CharSequence v) { return this; }
        public Builder setChoices(CharSequence[] v) { return this; }
        public Builder setAllowFreeFormInput(boolean v) { return this; }
        public RemoteInput build() { return new RemoteInput(key); }
    }
}
