package android.telephony;

@Deprecated
public abstract class CellLocation {
    public static void requestLocationUpdate() {}
}
