package aosp;

/** A service that is there and has no answer: each call of it says so. */
final class Nothing {}
