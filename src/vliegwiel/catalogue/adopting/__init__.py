"""What a municipality takes over: on trial, from a date on, along with new versions, and back again."""
