"""Assessment of a recorded bundle: open, attribute, evaluate, render. Needs no device, Frida or proxy."""
