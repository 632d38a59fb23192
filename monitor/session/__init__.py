"""What a session is: its options, its manifest, what the operator declares, the device and the laboratory."""
