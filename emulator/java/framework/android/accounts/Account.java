package android.accounts;

import android.os.Parcel;
import android.os.Parcelable;
import java.util.Objects;

public class Account implements Parcelable {
    public static final Parcelable.Creator<Account> CREATOR = new Parcelable.Creator<Account>() {
        @Override
        public Account createFromParcel(Parcel in) {
            return new Account(in);
        }

        @Override
        public Account[] newArray(int size) {
            return new Account[size];
        }
    };
    public final String name;
    public final String type;

    private Account(Parcel in) {
        name = in.readString();
        type = in.readString();
    }

    public Account(String name, String type) {
        if (name == null || name.isEmpty()) throw new IllegalArgumentException("the name must not be empty: " + name);
        if (type == null || type.isEmpty()) throw new IllegalArgumentException("the type must not be empty: " + type);
        this.name = name;
        this.type = type;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Account && Objects.equals(name, ((Account) other).name) && Objects.equals(type, ((Account) other).type);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, type);
    }

    @Override
    public String toString() {
        return "Account {name=" + name + ", type=" + type + "}";
    }

    @Override
    public int describeContents() {
        return 0;
    }

    @Override
    public void writeToParcel(Parcel dest, int flags) {
        dest.writeString(name);
        dest.writeString(type);
    }
}
