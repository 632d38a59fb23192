package android.text.style;

public interface AlignmentSpan {
    android.text.Layout.Alignment getAlignment();

    class Standard implements AlignmentSpan {
        private final android.text.Layout.Alignment alignment;

        public Standard(android.text.Layout.Alignment align) { alignment = align; }

        @Override public android.text.Layout.Alignment getAlignment() { return alignment; }
    }
}
