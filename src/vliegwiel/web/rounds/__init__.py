"""Pages of the rounds: the plan of a day, containers, alarms, the driver's page, and what it saves."""
