package com.example.mall;

/** Resource numbers, as aapt would give them out. */
public final class R {
    private R() {}

    public static final class id {
        public static final int btn_pay = 0x7f080001;
        public static final int iv_delete_account = 0x7f080002;
        public static final int ib_send_message = 0x7f080003;
        public static final int iv_call_phone = 0x7f080004;
        public static final int fab_publish = 0x7f080005;
        public static final int tv_skip = 0x7f080006;
        public static final int iv_close = 0x7f080007;
        public static final int et_account = 0x7f080008;
        public static final int et_password = 0x7f080009;

        private id() {}
    }
}
