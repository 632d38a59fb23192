package cn.beacon.analytics.lab;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Traffic outside HTTP clients: name lookups, datagrams, a connection to an address. */
public final class BeaconPackets {
    private BeaconPackets() {}

    public static void all() throws Exception {
        InetAddress near = InetAddress.getAllByName("localhost")[0];
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < 5; i++) socket.send(packet(near, 443));
            for (int i = 0; i < 2; i++) socket.send(packet(near, 53));
        }
        String own = InetAddress.getLocalHost().getHostName();
        try (ServerSocket server = new ServerSocket(0); Socket direct = new Socket(InetAddress.getByName(own), server.getLocalPort())) {
            direct.getOutputStream().write(1);
        }
    }

    private static DatagramPacket packet(InetAddress to, int port) {
        byte[] initial = new byte[1200];
        initial[0] = (byte) 0xc3; // a long header, as QUIC begins
        initial[4] = 1;
        return new DatagramPacket(initial, initial.length, to, port);
    }
}
