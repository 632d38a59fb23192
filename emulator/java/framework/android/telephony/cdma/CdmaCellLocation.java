package android.telephony.cdma;

import android.telephony.CellLocation;

@Deprecated
public class CdmaCellLocation extends CellLocation {
    private int station = -1;
    private int system = -1;
    private int network = -1;

    public int getBaseStationId() {
        return station;
    }

    public int getSystemId() {
        return system;
    }

    public int getNetworkId() {
        return network;
    }

    public void setCellLocationData(int baseStationId, int latitude, int longitude, int systemId, int networkId) {
        station = baseStationId;
        system = systemId;
        network = networkId;
    }
}
