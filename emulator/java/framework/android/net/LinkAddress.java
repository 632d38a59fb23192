package android.net;

import java.net.InetAddress;

public class LinkAddress {
    private final InetAddress address;

    LinkAddress(InetAddress address) {
        this.address = address;
    }

    public InetAddress getAddress() {
        return address;
    }

    public int getPrefixLength() {
        return 24;
    }
}
