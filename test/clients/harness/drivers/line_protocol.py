"""What the driver programs in Python have in common: lines, and values in PostgreSQL's notation.

One request per line on stdin, fields as in COPY text. Replies with `row` lines and one line that
begins with `ok` or `error`.
"""

import datetime
import decimal
import sys
import uuid

ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
UNESCAPES = {"t": "\t", "n": "\n", "r": "\r"}


def escape(field):
    return "\\N" if field is None else "".join(ESCAPES.get(letter, letter) for letter in field)


def unescape(field):
    if field == "\\N":
        return None
    letters = iter(field)
    return "".join(
        (lambda next_letter: UNESCAPES.get(next_letter, next_letter))(next(letters))
        if letter == "\\"
        else letter
        for letter in letters
    )


def reply(*fields):
    sys.stdout.write("\t".join(escape(field) for field in fields) + "\n")


def as_text(value):
    """A Python value in PostgreSQL's own notation, so that text and binary can be compared."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, float):
        named = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}
        return named.get(repr(value), repr(value).removesuffix(".0"))
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, datetime.datetime):
        text = value.isoformat(" ")
        return text[:-3] if value.tzinfo and text.endswith(":00") else text
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return interval_text(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, list):
        return "{" + ",".join(element_text(element) for element in value) + "}"
    return str(value)


def element_text(value):
    text = as_text(value)
    if text is None:
        return "NULL"
    if isinstance(value, list):
        return text
    plain = text != "" and text.upper() != "NULL" and not set(text) & set('{},"\\ ')
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def interval_text(value):
    hours, rest = divmod(value.seconds, 3600)
    clock = "%02d:%02d:%02d" % (hours, rest // 60, rest % 60)
    if value.microseconds:
        clock += (".%06d" % value.microseconds).rstrip("0")
    days = "%d day%s" % (value.days, "" if value.days == 1 else "s")
    if not value.days:
        return clock
    return days if clock == "00:00:00" else days + " " + clock


def serve(driver, fail):
    """Does what the lines say, until there are no more."""
    for line in sys.stdin:
        command, *fields = (unescape(field) for field in line.rstrip("\n").split("\t"))
        try:
            getattr(driver, command)(*fields)
            reply("ok")
        except Exception as error:  # whatever it is, the suite judges it
            fail(error)
        sys.stdout.flush()
