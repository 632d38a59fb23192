package com.example.conduct;

/** A family of rules: what breaks one of them, and what does the same business without breaking it. */
interface Behaviour {
    void violate(MainActivity at, String rule);

    void comply(MainActivity at, String rule);
}
