"""Pages of the studio on which municipalities and products stand beside each other, and on what happens in practice."""
