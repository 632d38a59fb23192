package com.example.mall;

/** The build that asks once and takes no for an answer. */
final class Build {
    static final boolean FAIR = true;

    private Build() {}
}
