package android.net;

public class Network {
    private final int id;

    public Network(int id) {
        this.id = id;
    }

    /** There is one network: its connections are the process's. */
    public java.net.URLConnection openConnection(java.net.URL url) throws java.io.IOException {
        return url.openConnection();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network && ((Network) other).id == id;
    }

    @Override
    public int hashCode() {
        return id;
    }

    @Override
    public String toString() {
        return String.valueOf(id);
    }
}
