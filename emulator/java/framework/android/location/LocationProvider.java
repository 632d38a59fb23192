package android.location;

public class LocationProvider {
    private final String name;

    LocationProvider(String name) {
        this.name = name;
    }

    public String getName() {
        return name;
    }
}
