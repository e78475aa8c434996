"""psycopg 3 under the command of the suites: see driver-connection.ts for the requests."""

import base64
import threading

import psycopg
from line_protocol import as_text, reply, serve


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


serve(Driver(), fail)
