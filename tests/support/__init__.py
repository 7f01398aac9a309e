"""What tests share: oracles, tables of nets, random programs, runners of commands and processes."""
