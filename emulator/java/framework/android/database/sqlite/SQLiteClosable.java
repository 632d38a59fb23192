package android.database.sqlite;

import java.io.Closeable;

public abstract class SQLiteClosable implements Closeable {
    @Override public abstract void close();
    public void acquireReference() {}
    public void releaseReference() { close(); }
}
