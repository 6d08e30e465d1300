"""Things, what measures them and what was measured: the model of the OGC SensorThings API 1.1, to ask and to change."""
