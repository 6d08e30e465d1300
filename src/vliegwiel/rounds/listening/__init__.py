"""Listening to brokers: messages of sensors come in over MQTT and are acknowledged when they are stored, not before.

At least once: a broker that keeps QoS 1 messages for a session (MQTT 3.1.1, 4.3.2) sends what was not acknowledged again, and
what came twice is recognised when it is stored. So whatever dies (this process, the database, the broker, the line), nothing
that was acknowledged is lost, and nothing counts twice.
"""
