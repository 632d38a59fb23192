package android.provider;

import android.net.Uri;

public final class ContactsContract {
    public static final String AUTHORITY = "com.android.contacts";
    public static final Uri AUTHORITY_URI = Uri.parse("content://" + AUTHORITY);

    public static final class Contacts implements BaseColumns {
        public static java.io.InputStream openContactPhotoInputStream(android.content.ContentResolver resolver, android.net.Uri contact) {
            return openContactPhotoInputStream(resolver, contact, false);
        }

        public static java.io.InputStream openContactPhotoInputStream(android.content.ContentResolver resolver, android.net.Uri contact, boolean preferHighres) {
            return standin.Canary.give("contacts_contract_contacts.open_contact_photo_input_stream", "contacts", "android.provider.ContactsContract$Contacts", "openContactPhotoInputStream", java.io.InputStream.class, "android.permission.READ_CONTACTS");
        }

        public static final Uri CONTENT_URI = Uri.parse("content://com.android.contacts/contacts");
        public static final String DISPLAY_NAME = "display_name";
        public static final String HAS_PHONE_NUMBER = "has_phone_number";
        public static final String LOOKUP_KEY = "lookup";

        private Contacts() {}
    }

    public static final class RawContacts implements BaseColumns {
        public static final Uri CONTENT_URI = Uri.parse("content://com.android.contacts/raw_contacts");

        private RawContacts() {}
    }

    public static final class Data implements BaseColumns {
        public static final Uri CONTENT_URI = Uri.parse("content://com.android.contacts/data");
        public static final String MIMETYPE = "mimetype";
        public static final String DATA1 = "data1";

        private Data() {}
    }

    public static final class CommonDataKinds {
        public static final class Phone implements BaseColumns {
            public static final Uri CONTENT_URI = Uri.parse("content://com.android.contacts/data/phones");
            public static final String CONTACT_ID = "contact_id";
            public static final String DISPLAY_NAME = "display_name";
            public static final String NUMBER = "data1";

            private Phone() {}
        }

        public static final class Email implements BaseColumns {
            public static final Uri CONTENT_URI = Uri.parse("content://com.android.contacts/data/emails");
            public static final String CONTACT_ID = "contact_id";
            public static final String ADDRESS = "data1";

            private Email() {}
        }

        private CommonDataKinds() {}
    }

    private ContactsContract() {}
}
