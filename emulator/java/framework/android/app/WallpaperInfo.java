package android.app;

public final class WallpaperInfo {
}
