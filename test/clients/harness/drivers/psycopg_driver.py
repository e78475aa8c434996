"""psycopg 3 under the command of the suites: see driver-connection.ts for the requests.

One request per line on stdin, fields as in COPY text. Replies with `row` lines and one line that
begins with `ok` or `error`.
"""

import base64
import datetime
import decimal
import sys
import threading
import uuid

import psycopg

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


class Driver:
    connection = None
    binary = False

    def connect(self, host, port, database, user, password, ssl_mode, ca_file, binary):
        self.binary = binary == "true"
        self.connection = psycopg.connect(
            host=host,
            port=port,
            dbname=database,
            user=user,
            password=password,
            sslmode=ssl_mode,
            sslrootcert=ca_file if ssl_mode == "verify-full" else "",
            gssencmode="disable",
            autocommit=True,
            cursor_factory=psycopg.RawCursor,
        )

    def query(self, sql, *parameters):
        with self.connection.cursor(binary=self.binary) as cursor:
            cursor.execute(sql, parameters or None)
            self.reply_with_rows(cursor)

    def query_then_cancel(self, sql, after_ms):
        timer = threading.Timer(int(after_ms) / 1000, self.connection.cancel_safe)
        timer.start()
        try:
            self.query(sql)
        finally:
            timer.join()

    def begin(self):
        self.connection.autocommit = False

    def commit(self):
        self.connection.commit()
        self.connection.autocommit = True

    def rollback(self):
        self.connection.rollback()
        self.connection.autocommit = True

    def page(self, sql, fetch_size):
        rows = total = 0
        with self.connection.cursor(binary=self.binary) as cursor:
            for row in cursor.stream(sql, size=int(fetch_size)):
                rows += 1
                total += row[0] or 0
        reply("row", str(rows), str(total))

    def copy_out(self, sql):
        with self.connection.cursor() as cursor, cursor.copy(sql) as copy:
            data = b"".join(bytes(part) for part in copy)
        reply("row", base64.b64encode(data).decode())

    def copy_in(self, sql, data):
        with self.connection.cursor() as cursor, cursor.copy(sql) as copy:
            copy.write(base64.b64decode(data))

    def close(self):
        self.connection.close()

    def reply_with_rows(self, cursor):
        if cursor.description is None:
            return
        reply("columns", *(column.name for column in cursor.description))
        for row in cursor.fetchall():
            reply("row", *(as_text(value) for value in row))


def fail(error):
    if not isinstance(error, psycopg.Error):
        reply("error", None, f"{type(error).__name__}: {error}", None, None, None)
        return
    about = error.diag
    reply(
        "error",
        error.sqlstate,
        about.message_primary or str(error),
        about.statement_position,
        about.message_hint,
        about.message_detail,
    )


def main():
    driver = Driver()
    for line in sys.stdin:
        command, *fields = (unescape(field) for field in line.rstrip("\n").split("\t"))
        try:
            getattr(driver, command)(*fields)
            reply("ok")
        except Exception as error:  # whatever it is, the suite judges it
            fail(error)
        sys.stdout.flush()


main()
