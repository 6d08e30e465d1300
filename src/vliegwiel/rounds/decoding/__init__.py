"""From what a network delivers to what a sensor measured. Pure: no Django, no database, no network.

Three steps, each of its own: `envelopes` opens the message of a network server, `payload` reads the bytes of the sensor as
its type (a file in `definitions/sensoren`) says, `decoding` puts them together. Every message gives an answer: readings, a
notice that there is nothing to measure, or why it cannot be read. Nothing that comes in can raise.
"""
