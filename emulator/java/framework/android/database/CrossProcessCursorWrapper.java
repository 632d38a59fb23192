package android.database;

public class CrossProcessCursorWrapper extends CursorWrapper {
    public CrossProcessCursorWrapper(Cursor cursor) {
        super(cursor);
    }
}
