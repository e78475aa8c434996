"""What a program does with the SQLAlchemy dialect of BLUE and pandas; prints one JSON document.

Arguments: host, port. The access token comes by the environment.
"""

import json
import os
import sys
import warnings

import pandas
from sqlalchemy import MetaData, create_engine, inspect

warnings.simplefilter("ignore")
host, port = sys.argv[1:]
engine = create_engine(
    f"sqream_blue://{host}:{port}/master",
    connect_args={"access_token": os.environ["ACCESS_TOKEN"]},
)
seen = {}
with engine.connect() as connection:
    # one row at a time would come as a row in a list: the connector's own way
    items = connection.execute("select id, name from shop.items order by id").fetchall()
    seen["rows"] = [list(row) for row in items]
    metadata = MetaData()
    connection.execute("create table alchemy (id int, t text)")
    connection.execute("insert into alchemy values (1, 'x')")

inspector = inspect(engine)
seen["tables"] = sorted(inspector.get_table_names())
seen["schemas"] = sorted(inspector.get_schema_names())
seen["views"] = sorted(inspector.get_view_names("public"))
seen["columns"] = {
    table: [[column["name"], str(column["type"])] for column in inspector.get_columns(table)]
    for table in seen["tables"]
}
metadata.reflect(bind=engine)
seen["reflected"] = {
    table.name: [column.name for column in table.columns] for table in metadata.tables.values()
}
frame = pandas.read_sql("select id, price, day from shop.items order by id", engine)
seen["frame"] = [[str(value) for value in row] for row in frame.itertuples(index=False)]
with engine.connect() as connection:
    connection.execute("drop table alchemy")
json.dump(seen, sys.stdout)
sys.stdout.flush()
engine.dispose()
os._exit(0)  # the connector can hang in an interpreter that ends by itself
