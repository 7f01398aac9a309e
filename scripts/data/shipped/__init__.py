"""The nets that ``make_instances.py`` writes, by what they show."""
