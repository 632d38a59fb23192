package android.os;

/** Hidden in the public API: how an app tells a service that it is done. */
public interface IRemoteCallback extends IInterface {}
