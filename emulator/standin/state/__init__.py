"""What the device knows and what kind it is, with the data it starts from."""
