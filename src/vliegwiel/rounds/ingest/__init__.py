"""From messages to observations: stored once, judged, and what is wrong with a sensor written down.

`storing` takes what sources sent, `given` what programs post, `files` what comes as a table. All use `judging` (what is this
value worth), `rows` (many rows in one statement), `emptying` (was the container emptied) and `faults`.
"""
