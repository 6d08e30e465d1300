"""Every write of rounds, by subject: each is one transaction that checks rights first and leaves its events."""
