package com.example.mall;

/** The build that presses: an advertisement first, pop-ups, no way to refuse, everything switched on. */
final class Build {
    static final boolean FAIR = false;

    private Build() {}
}
