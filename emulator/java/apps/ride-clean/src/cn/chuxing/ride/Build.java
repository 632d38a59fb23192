package cn.chuxing.ride;

/** The build that waits for the user and asks for each thing. */
final class Build {
    static final boolean CAREFUL = true;

    private Build() {}
}
