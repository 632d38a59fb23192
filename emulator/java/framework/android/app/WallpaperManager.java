package android.app;

public class WallpaperManager {
    public static final int FLAG_SYSTEM = 1;
    public static final int FLAG_LOCK = 2;

    public static WallpaperManager getInstance(android.content.Context context) { return (WallpaperManager) context.getSystemService(android.content.Context.WALLPAPER_SERVICE); }
    public android.graphics.drawable.Drawable getDrawable() { return getDrawable(FLAG_SYSTEM); }
    public android.graphics.drawable.Drawable getDrawable(int which) { return standin.Canary.give("wallpaper_manager.get_drawable", "hw_fp", "android.app.WallpaperManager", "getDrawable", android.graphics.drawable.Drawable.class); }
    public void setBitmap(android.graphics.Bitmap bitmap) throws java.io.IOException {}
    public int setBitmap(android.graphics.Bitmap bitmap, android.graphics.Rect crop, boolean backup, int which) throws java.io.IOException { return 1; }
    public void setStream(java.io.InputStream data) throws java.io.IOException {}
    public void setResource(int id) throws java.io.IOException {}
    public void clear() throws java.io.IOException {}
    public void suggestDesiredDimensions(int width, int height) {}
    public int getDesiredMinimumWidth() { return 1080; }
    public int getDesiredMinimumHeight() { return 2340; }
    public boolean isWallpaperSupported() { return true; }
    public boolean isSetWallpaperAllowed() { return true; }
    public android.app.WallpaperInfo getWallpaperInfo() { return null; }
    public int getWallpaperId(int which) { return 1; }
}
