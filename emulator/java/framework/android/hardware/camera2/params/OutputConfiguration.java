package android.hardware.camera2.params;

public final class OutputConfiguration {
    private final android.view.Surface surface;

    public OutputConfiguration(android.view.Surface surface) { this.surface = surface; }

    public android.view.Surface getSurface() { return surface; }
}
