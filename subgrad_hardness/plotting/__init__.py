"""Pictures: one file gathers the data of a picture exactly, another one draws it."""
