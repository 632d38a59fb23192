package com.hidden;

public class Secret {
    static { System.setProperty("secret.init", "yes"); }
    public static String read() { return "secret"; }
}
