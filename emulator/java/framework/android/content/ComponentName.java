package android.content;

import android.os.Parcel;
import android.os.Parcelable;
import java.util.Objects;

public final class ComponentName implements Parcelable, Cloneable, Comparable<ComponentName> {
    private final String mPackage;
    private final String mClass;

    public ComponentName(String pkg, String cls) {
        mPackage = Objects.requireNonNull(pkg, "package name is null");
        mClass = Objects.requireNonNull(cls, "class name is null");
    }

    public ComponentName(Context pkg, String cls) { this(pkg.getPackageName(), cls); }
    public ComponentName(Context pkg, Class<?> cls) { this(pkg.getPackageName(), cls.getName()); }

    public static ComponentName createRelative(String pkg, String cls) {
        return new ComponentName(pkg, cls.startsWith(".") ? pkg + cls : cls);
    }

    public static ComponentName unflattenFromString(String str) {
        int sep = str.indexOf('/');
        return sep < 0 || sep + 1 >= str.length() ? null : createRelative(str.substring(0, sep), str.substring(sep + 1));
    }

    public String getPackageName() { return mPackage; }
    public String getClassName() { return mClass; }
    public String getShortClassName() { return mClass.startsWith(mPackage + ".") ? mClass.substring(mPackage.length()) : mClass; }
    public String flattenToString() { return mPackage + "/" + mClass; }
    public String flattenToShortString() { return mPackage + "/" + getShortClassName(); }
    public String toShortString() { return "{" + flattenToString() + "}"; }
    @Override public int compareTo(ComponentName o) { return flattenToString().compareTo(o.flattenToString()); }
    @Override public boolean equals(Object o) { return o instanceof ComponentName && flattenToString().equals(((ComponentName) o).flattenToString()); }
    @Override public int hashCode() { return flattenToString().hashCode(); }
    @Override public String toString() { return "ComponentInfo" + toShortString(); }
    @Override public ComponentName clone() { return new ComponentName(mPackage, mClass); }
    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(Parcel dest, int flags) { dest.writeValue(this); }
}
