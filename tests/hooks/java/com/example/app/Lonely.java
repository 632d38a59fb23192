package com.example.app;

/** An interface without implementations. */
public interface Lonely { void run(); }
