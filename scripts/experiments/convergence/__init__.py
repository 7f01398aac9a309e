"""What the experiments share: runs with errors, the rates that are seen, the table."""
