package android.util;

import java.util.regex.Pattern;

/** In the common shape of what they stand for; Android's also list the top-level domains. */
public class Patterns {
    public static final Pattern IP_ADDRESS = Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
    public static final Pattern DOMAIN_NAME = Pattern.compile("([\\p{L}\\d]([\\p{L}\\d-]{0,61}[\\p{L}\\d])?\\.)+[\\p{L}]{2,63}");
    public static final Pattern WEB_URL = Pattern.compile("((?i:https?|rtsp|ftp)://)?([\\w.+!*'-]+(:[^@\\s/]*)?@)?(([\\p{L}\\d]([\\p{L}\\d-]{0,61}[\\p{L}\\d])?\\.)+[\\p{L}]{2,63}|(\\d{1,3}\\.){3}\\d{1,3})(:\\d{1,5})?([/?#]\\S*)?");
    public static final Pattern EMAIL_ADDRESS = Pattern.compile("[a-zA-Z0-9+._%\\-]{1,256}@[a-zA-Z0-9][a-zA-Z0-9\\-]{0,64}(\\.[a-zA-Z0-9][a-zA-Z0-9\\-]{0,25})+");
    public static final Pattern PHONE = Pattern.compile("(\\+[0-9]+[\\- .]*)?(\\([0-9]+\\)[\\- .]*)?([0-9][0-9\\- .]+[0-9])");

    private Patterns() {}
}
