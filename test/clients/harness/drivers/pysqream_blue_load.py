"""The stock BLUE connector as a busy program: HOST PORT TOKEN CONNECTIONS CURSORS NUMBER.

Opens its connections, each with as many cursors, prints `ready`, and then uses all of them in turn
until its standard input ends. Each answer is looked at. The last line is JSON: how many were
right, and the first errors.
"""
import json
import select
import sys

import pysqream_blue

host, port, token, connections, cursors, number = sys.argv[1:7]
number = int(number)

opened = []
for _ in range(int(connections)):
    connection = pysqream_blue.connect(
        host=host, port=port, database="master", access_token=token)
    opened.append((connection, [connection.cursor() for _ in range(int(cursors))]))
everyone = [cursor for _, cursors_of_one in opened for cursor in cursors_of_one]

right, errors = 0, []


def ask(cursor, value):
    """One small statement whose answer is nobody else's."""
    global right
    try:
        cursor.execute(f"select n, '{number}-{value}' from numbers where n < 3 order by n")
        rows = [list(row) for row in cursor.fetchall()]
        expected = [[n, f"{number}-{value}"] for n in range(3)]
        if rows == expected:
            right += 1
        else:
            errors.append(f"wrong: {rows} is not {expected}")
    except Exception as error:  # whatever it is, it is told
        errors.append(f"{type(error).__name__}: {error}"[:500])


for value, cursor in enumerate(everyone):
    ask(cursor, value)  # opens its channel
print("ready", flush=True)
value = len(everyone)
ended = False
while not ended and len(errors) < 5:
    cursor = everyone[value % len(everyone)]
    ask(cursor, value)
    value += 1
    ended = bool(select.select([sys.stdin], [], [], 0.5)[0])

for cursor in everyone:
    ask(cursor, value)  # none of the connections died while it was quiet
    value += 1
for connection, cursors_of_one in opened:
    for cursor in cursors_of_one:
        cursor.close()
    connection.close()
print(json.dumps({"right": right, "errors": errors[:5]}), flush=True)
