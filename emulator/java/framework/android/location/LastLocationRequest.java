package android.location;

/** Hidden in the public API: how a last known location is asked for. */
public final class LastLocationRequest {}
