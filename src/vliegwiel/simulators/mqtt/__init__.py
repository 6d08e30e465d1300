"""The MQTT broker of the demonstration and the tests: amqtt, made to keep what was not acknowledged.

In memory: a real installation has a broker that writes down what it accepted (Mosquitto with persistence, EMQX, VerneMQ).
"""
