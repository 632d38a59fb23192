"""What everything stands on: errors, paths, the clock, YAML, output, child processes, this machine."""
