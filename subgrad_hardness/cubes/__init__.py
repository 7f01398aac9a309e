"""One hard question in many processes: cubes, which are split where they do not fall (docs/cubes.md)."""
