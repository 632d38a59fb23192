package com.example.conduct;

import java.util.Map;

/** Which class plays which family of rules. */
final class Families {
    private static final Map<String, Behaviour> ALL = Map.of(
            "COL", new Collecting(),
            "PRM", new Permissions(),
            "SHR", new Sharing(),
            "PER", new Sharing(),
            "POL", new Collecting(),
            "AI", new Assistant(),
            "LIF", new Starting());

    private Families() {}

    static Behaviour of(String rule) {
        return ALL.get(rule.substring(0, rule.indexOf('-')));
    }
}
