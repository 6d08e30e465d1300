"""Every write of this room, as named functions. Each checks rights, opens its own scope, and is one transaction."""
