package android.app;

public class SearchManager {
    public static final String QUERY = "query";
    public static final String USER_QUERY = "user_query";
    public static final String APP_DATA = "app_data";
    public static final String EXTRA_DATA_KEY = "intent_extra_data_key";
    public static final String SUGGEST_URI_PATH_QUERY = "search_suggest_query";
    public static final String SUGGEST_COLUMN_TEXT_1 = "suggest_text_1";
    public static final String SUGGEST_COLUMN_TEXT_2 = "suggest_text_2";
    public static final String SUGGEST_COLUMN_INTENT_DATA = "suggest_intent_data";
    public static final String SUGGEST_COLUMN_INTENT_DATA_ID = "suggest_intent_data_id";

    public SearchableInfo getSearchableInfo(android.content.ComponentName name) { return null; }
    public void startSearch(String query, boolean select, android.content.ComponentName activity, android.os.Bundle data, boolean global) {}
    public void stopSearch() {}
}
