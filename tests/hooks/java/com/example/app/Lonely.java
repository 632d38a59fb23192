package com.example.app;

/** Nobody implements it. */
public interface Lonely { void run(); }
