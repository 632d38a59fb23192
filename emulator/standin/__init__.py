"""The stand-in device: a program that looks like a rooted Android device, reached only over adb."""
