"""The stock BLUE connector under the command of the suites: see blue-connector.ts for the requests."""

import json
import threading

import pysqream_blue
from line_protocol import as_text, reply, serve


class Driver:
    connection = None
    cursors = {}

    def connect(self, options):
        self.connection = pysqream_blue.connect(use_ssl=True, **json.loads(options))

    def execute(self, name, sql):
        if name not in self.cursors:
            self.cursors[name] = self.connection.cursor()
        self.cursors[name].execute(sql)

    def execute_then_cancel(self, name, sql, after_ms):
        self.execute(name, "select 1")  # so that there is a statement to cancel, and a connection
        cursor = self.cursors[name]
        timer = threading.Timer(int(after_ms) / 1000, cursor.cancel)
        timer.start()
        try:
            cursor.execute(sql)
            cursor.fetchall()
        finally:
            timer.join()

    def in_parallel(self, count, sql):
        """As many cursors, each in a thread of its own; a row for each one's first value."""
        results = [None] * int(count)

        def work(index):
            cursor = self.connection.cursor()
            cursor.execute(sql.replace("$1", str(index)))
            results[index] = cursor.fetchall()[0][0]
            cursor.close()

        threads = [threading.Thread(target=work, args=(index,)) for index in range(int(count))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for result in results:
            reply("row", as_text(result))

    def description(self, name):
        description = self.cursors[name].description
        for column in description or []:
            reply("row", *(as_text(value) for value in column))

    def fetchone(self, name):
        row = self.cursors[name].fetchone()
        self.reply_rows([] if row is None else row)

    def fetchmany(self, name, size):
        self.reply_rows(self.cursors[name].fetchmany(int(size)))

    def fetchall(self, name):
        self.reply_rows(self.cursors[name].fetchall())

    def count_all(self, name, size):
        rows = 0
        while more := self.cursors[name].fetchmany(int(size)):
            rows += len(more)
        reply("row", str(rows))

    def rowcount(self, name):
        reply("row", str(self.cursors[name].rowcount))

    def statement_id(self, name):
        reply("row", self.cursors[name].get_statement_id())

    def cancel(self, name):
        self.cursors[name].cancel()

    def close_cursor(self, name):
        self.cursors.pop(name).close()

    def close(self):
        if self.connection is not None:
            self.connection.close()

    def reply_rows(self, rows):
        for row in rows or []:
            reply("row", *(as_text(value) for value in row))


def fail(error):
    reply("error", None, f"{type(error).__name__}: {error}", None, None, None)


serve(Driver(), fail)
