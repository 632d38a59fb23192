package android.app;

public final class SearchableInfo {
}
