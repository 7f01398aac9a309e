"""What a refutation is made of, and how it becomes a certificate.  Nothing here is trusted."""
