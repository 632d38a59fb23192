package android.telephony;

public class ServiceState {
    private final String operator;

    public ServiceState(String operator) {
        this.operator = operator;
    }

    public String getOperatorAlphaLong() {
        return operator;
    }

    public int getState() {
        return 0;
    }
}
