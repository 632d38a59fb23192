package android.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import standin.Device;

public final class LinkProperties {
    LinkProperties() {}

    public String getInterfaceName() {
        return "wlan0";
    }

    public List<LinkAddress> getLinkAddresses() {
        try {
            return List.of(new LinkAddress(InetAddress.getByName(Device.getString("wifi.ip"))));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
