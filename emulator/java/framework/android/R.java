package android;

/** The platform's public resource numbers that code commonly names. */
public final class R {
    public static final class id {
        public static final int content = 0x01020002;
        public static final int message = 0x0102000b;
        public static final int icon = 0x01020006;
        public static final int text1 = 0x01020014;
        public static final int text2 = 0x01020015;
        public static final int title = 0x01020016;
        public static final int button1 = 0x01020019;
        public static final int button2 = 0x0102001a;
        public static final int button3 = 0x0102001b;
        public static final int list = 0x0102000a;
        /** Internal on Android too; its name is what a dump shows. */
        public static final int alertTitle = 0x01020288;
    }

    public static final class string {
        public static final int ok = 0x0104000a;
        public static final int cancel = 0x01040000;
        public static final int yes = 0x01040013;
        public static final int no = 0x01040009;
    }

    public static final class style {
        public static final int Theme_NoTitleBar = 0x01030006;
        public static final int Theme_Dialog = 0x0103000b;
        public static final int Theme_Translucent = 0x0103000f;
    }

    public static final class drawable {
        public static final int ic_dialog_info = 0x0108009b;
        public static final int sym_def_app_icon = 0x01080093;
    }

    public static final class color {
        public static final int black = 0x0106000c;
        public static final int white = 0x0106000b;
    }
}
