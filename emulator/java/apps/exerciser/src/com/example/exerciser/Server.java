package com.example.exerciser;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Answers every request with "ok", so that what the app sees does not depend on the network. */
final class Server {
    private static ServerSocket socket;

    private Server() {}

    static synchronized String address() throws IOException {
        if (socket == null) {
            socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
            Thread thread = new Thread(Server::serve, "server");
            thread.setDaemon(true);
            thread.start();
        }
        return "http://127.0.0.1:" + socket.getLocalPort() + "/";
    }

    private static void serve() {
        while (true) {
            try {
                Socket one = socket.accept();
                Thread thread = new Thread(() -> answer(one), "answer");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void answer(Socket client) {
        try (Socket one = client) {
            if (one.getInputStream().read(new byte[8192]) > 0) {
                one.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok".getBytes());
            }
        } catch (IOException gone) {
            // The client left.
        }
    }
}
