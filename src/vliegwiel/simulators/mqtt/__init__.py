"""The MQTT broker of the demonstration and the tests: amqtt, made to keep what was not acknowledged.

With a journal it also survives being killed. It is no broker for thousands of sensors: a real installation has one that is made
for that (Mosquitto with persistence, EMQX, VerneMQ).
"""
