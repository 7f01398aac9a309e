"""Rewritings of nets that hide where they come from and keep the verdict; they can be stacked."""
