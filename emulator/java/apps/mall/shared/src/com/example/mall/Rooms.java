package com.example.mall;

/** The rooms of the maze, each an activity. */
public final class Rooms {
    private Rooms() {}

    public static final class R01 extends Room {}
    public static final class R02 extends Room {}
    public static final class R03 extends Room {}
    public static final class R04 extends Room {}
    public static final class R05 extends Room {}
    public static final class R06 extends Room {}
    public static final class R07 extends Room {}
    public static final class R08 extends Room {}
    public static final class R09 extends Room {}
    public static final class R10 extends Room {}
    public static final class R11 extends Room {}
    public static final class R12 extends Room {}
    public static final class R13 extends Room {}
    public static final class R14 extends Room {}
    public static final class R15 extends Room {}
    public static final class R16 extends Room {}
    public static final class R17 extends Room {}
    public static final class R18 extends Room {}
    public static final class R19 extends Room {}
    public static final class R20 extends Room {}
    public static final class R21 extends Room {}
    public static final class R22 extends Room {}
    public static final class R23 extends Room {}
    public static final class R24 extends Room {}
    public static final class R25 extends Room {}
    public static final class R26 extends Room {}
    public static final class R27 extends Room {}
    public static final class R28 extends Room {}
    public static final class R29 extends Room {}
    public static final class R30 extends Room {}
    public static final class R31 extends Room {}
    public static final class R32 extends Room {}
    public static final class R33 extends Room {}
    public static final class R34 extends Room {}
    public static final class R35 extends Room {}
    public static final class R36 extends Room {}
    public static final class R37 extends Room {}
    public static final class R38 extends Room {}
    public static final class R39 extends Room {}
    public static final class R40 extends Room {}
    public static final class R41 extends Room {}
    public static final class R42 extends Room {}
    public static final class R43 extends Room {}
    public static final class R44 extends Room {}
    public static final class R45 extends Room {}
    public static final class R46 extends Room {}
    public static final class R47 extends Room {}
    public static final class R48 extends Room {}
    public static final class R49 extends Room {}
    public static final class R50 extends Room {}
    public static final class R51 extends Room {}
    public static final class R52 extends Room {}
    public static final class R53 extends Room {}
    public static final class R54 extends Room {}
    public static final class R55 extends Room {}
    public static final class R56 extends Room {}
    public static final class R57 extends Room {}
    public static final class R58 extends Room {}
    public static final class R59 extends Room {}
    public static final class R60 extends Room {}
}
