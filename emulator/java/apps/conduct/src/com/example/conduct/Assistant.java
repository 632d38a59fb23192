package com.example.conduct;

/** A conversation with a model on a server. */
final class Assistant implements Behaviour {
    @Override
    public void violate(MainActivity at, String rule) {
        Net.send(Net.UNKNOWN, "prompt", at.prompt.getText().toString());
    }

    @Override
    public void comply(MainActivity at, String rule) {
        Net.send(Net.AI, "prompt", at.prompt.getText().toString());
    }
}
