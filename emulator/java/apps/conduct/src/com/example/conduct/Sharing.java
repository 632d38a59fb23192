package com.example.conduct;

/** What goes to whom. */
final class Sharing implements Behaviour {
    @Override
    public void violate(MainActivity at, String rule) {
        switch (rule) {
            case "SHR-01" -> Net.send(Net.UNKNOWN, "did", Reads.androidId(at));
            case "SHR-02", "PER-01" -> Reads.oaid(at, oaid -> Net.send(Net.ADS, "oaid", oaid));
            case "SHR-03" -> Net.send(Net.CLEARTEXT, "did", Reads.androidId(at));
            case "SHR-04" -> Net.send(Net.ABROAD, "did", Reads.androidId(at));
            case "SHR-05" -> Reads.oaid(at, oaid -> Net.send(Net.STATISTICS, "oaid", oaid));
            default -> { }
        }
    }

    @Override
    public void comply(MainActivity at, String rule) {
        switch (rule) {
            case "SHR-01", "SHR-04", "SHR-05" -> Net.send(Net.STATISTICS, "did", Reads.androidId(at));
            case "SHR-02" -> Page.ask(at, "广告共享单独同意",
                    "我们会向 example_adnova 提供您的广告标识，用于选择广告。对您的影响：您会看到相关的广告。", "同意",
                    () -> Reads.oaid(at, oaid -> Net.send(Net.ADS, "oaid", oaid)), () -> { });
            case "SHR-03" -> Net.send(Net.OWN, "did", Reads.androidId(at));
            case "PER-01" -> Reads.oaid(at, oaid -> Net.send(Net.ADS, "oaid", oaid));
            default -> { }
        }
    }
}
