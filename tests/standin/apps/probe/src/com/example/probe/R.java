package com.example.probe;

public final class R {
    public static final class id {
        public static final int dialog = 0x7f080001;
        public static final int contacts = 0x7f080002;
        public static final int camera = 0x7f080003;
        public static final int location = 0x7f080004;
        public static final int prefs = 0x7f080005;
        public static final int push = 0x7f080006;
        public static final int fetch = 0x7f080007;
        public static final int second = 0x7f080008;
        public static final int agree = 0x7f080009;
        public static final int policy = 0x7f08000a;
        public static final int name = 0x7f08000b;
        public static final int query = 0x7f08000c;
        public static final int exit = 0x7f08000d;
        public static final int settings = 0x7f08000e;
    }
}
