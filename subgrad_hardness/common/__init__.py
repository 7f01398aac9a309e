"""What every room may need: errors, deadlines, random integers, files.  Standard library only."""
