package dalvik.system;

/** Hidden in the public API. */
public final class VMRuntime {
    private static final VMRuntime ONLY = new VMRuntime();

    private VMRuntime() {}

    public static VMRuntime getRuntime() { return ONLY; }
    public boolean is64Bit() { return true; }
    public String vmInstructionSet() { return "x86_64"; }
    public String vmLibrary() { return "libart.so"; }
    public int getTargetSdkVersion() { return standin.Device.targetSdk(); }
    public boolean isJavaDebuggable() { return true; }
    public float getTargetHeapUtilization() { return 0.75f; }
    /** Nothing hidden is refused here. */
    public void setHiddenApiExemptions(String[] signaturePrefixes) {}
}
