package android.database;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

public class MatrixCursor extends AbstractCursor {
    private final String[] mColumns;
    private final List<Object[]> mRows = new ArrayList<>();

    public MatrixCursor(String[] columnNames) {
        mColumns = columnNames.clone();
    }

    public MatrixCursor(String[] columnNames, int initialCapacity) {
        this(columnNames);
    }

    public void addRow(Object[] columnValues) {
        if (columnValues.length != mColumns.length) throw new IllegalArgumentException("columnNames.length = " + mColumns.length + ", columnValues.length = " + columnValues.length);
        mRows.add(columnValues.clone());
    }

    public void addRow(Iterable<?> columnValues) {
        List<Object> row = new ArrayList<>();
        for (Object v : columnValues) row.add(v);
        addRow(row.toArray());
    }

    public RowBuilder newRow() {
        Object[] row = new Object[mColumns.length];
        mRows.add(row);
        return new RowBuilder(row);
    }

    @Override public int getCount() { return mRows.size(); }
    @Override public String[] getColumnNames() { return mColumns.clone(); }
    @Override protected Object value(int column) { return mRows.get(mPos)[column]; }

    public class RowBuilder {
        private final Object[] row;
        private int next;

        RowBuilder(Object[] row) {
            this.row = row;
        }

        public RowBuilder add(Object value) { row[next++] = value; return this; }
        public RowBuilder add(String column, Object value) {
            int i = Arrays.asList(mColumns).indexOf(column);
            if (i >= 0) row[i] = value;
            return this;
        }
    }
}
