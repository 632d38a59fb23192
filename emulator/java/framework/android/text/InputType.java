package android.text;

public interface InputType {
    int TYPE_MASK_CLASS = 0xf;
    int TYPE_MASK_VARIATION = 0xff0;
    int TYPE_NULL = 0;
    int TYPE_CLASS_TEXT = 1;
    int TYPE_CLASS_NUMBER = 2;
    int TYPE_CLASS_PHONE = 3;
    int TYPE_TEXT_VARIATION_EMAIL_ADDRESS = 0x20;
    int TYPE_TEXT_VARIATION_PASSWORD = 0x80;
    int TYPE_NUMBER_VARIATION_PASSWORD = 0x10;
    int TYPE_TEXT_FLAG_MULTI_LINE = 0x20000;
}
