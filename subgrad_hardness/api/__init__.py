"""The public calls, one file each, named as the call."""
