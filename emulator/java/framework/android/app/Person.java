package android.app;

public final class Person {
    private final Builder made;

    private Person(Builder builder) { made = builder; }

    public CharSequence getName() { return made.name; }
    public String getKey() { return made.key; }
    public String getUri() { return made.uri; }
    public boolean isBot() { return made.bot; }
    public boolean isImportant() { return made.important; }

    public static class Builder {
        private CharSequence name;
        private String key;
        private String uri;
        private boolean bot;
        private boolean important;

        public Builder setName(CharSequence v) { name = v; return this; }
        public Builder setIcon(android.graphics.drawable.Icon v) { return this; }
        public Builder setKey(String v) { key = v; return this; }
        public Builder setUri(String v) { uri = v; return this; }
        public Builder setBot(boolean v) { bot = v; return this; }
        public Builder setImportant(boolean v) { important = v; return this; }
        public Person build() { return new Person(this); }
    }
}
