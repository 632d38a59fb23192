package cn.chuxing.ride;

/** The build that starts everything at once and asks for nothing. */
final class Build {
    static final boolean CAREFUL = false;

    private Build() {}
}
