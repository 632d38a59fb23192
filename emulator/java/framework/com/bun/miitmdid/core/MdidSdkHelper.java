package com.bun.miitmdid.core;

import android.content.Context;
import com.android.id.impl.IdProviderImpl;
import com.bun.miitmdid.interfaces.IIdentifierListener;
import com.bun.miitmdid.interfaces.IdSupplier;

/** The alliance's entry point to the vendor ids: asks the maker's class, answers in the callback. */
public class MdidSdkHelper {
    private MdidSdkHelper() {}

    public static int InitSdk(Context context, boolean logs, IIdentifierListener listener) {
        IdProviderImpl maker = new IdProviderImpl();
        Ids ids = new Ids(maker.getOAID(context), maker.getVAID(context), maker.getAAID(context));
        listener.OnSupport(ids.isSupported(), ids);
        return ids.isSupported() ? ErrorCode.INIT_INFO_RESULT_OK : ErrorCode.INIT_ERROR_DEVICE_NOSUPPORT;
    }

    private static final class Ids implements IdSupplier {
        private final String oaid;
        private final String vaid;
        private final String aaid;

        Ids(String oaid, String vaid, String aaid) {
            this.oaid = oaid;
            this.vaid = vaid;
            this.aaid = aaid;
        }

        @Override
        public boolean isSupported() {
            return oaid != null;
        }

        @Override
        public boolean isLimited() {
            return false;
        }

        @Override
        public String getOAID() {
            return oaid;
        }

        @Override
        public String getVAID() {
            return vaid;
        }

        @Override
        public String getAAID() {
            return aaid;
        }
    }
}
