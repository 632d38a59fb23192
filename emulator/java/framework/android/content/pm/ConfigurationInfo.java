package android.content.pm;

public class ConfigurationInfo {
    public int reqGlEsVersion = 0x30002;
    public int reqTouchScreen = 3;
    public int reqKeyboardType = 1;
    public int reqNavigation = 1;
    public int reqInputFeatures;

    public String getGlEsVersion() { return (reqGlEsVersion >> 16) + "." + (reqGlEsVersion & 0xffff); }
}
