"""Pages of the studio about definitions of others: sharing with other installations, and case types of other systems."""
