package android.graphics;

public class Xfermode {
}
