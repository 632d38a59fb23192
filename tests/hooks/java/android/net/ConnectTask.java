package android.net;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.Callable;

/** A task of the platform's that connects. */
public class ConnectTask implements Callable<String> {
    private final Socket socket;
    private final SocketAddress address;

    public ConnectTask(Socket socket, SocketAddress address) { this.socket = socket; this.address = address; }

    @Override public String call() throws IOException {
        socket.connect(address);
        return "connected";
    }
}
