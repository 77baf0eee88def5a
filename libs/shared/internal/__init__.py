"""What the services ask each other under `/internal`: paths, bodies and answers. A module has what one service answers.

The routes of that service and the callers use the same classes. During an upgrade both sides run in two versions, so
a field that comes later has a default, and callers ignore fields that they do not know.
"""
