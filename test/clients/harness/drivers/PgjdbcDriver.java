import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Timer;
import java.util.TimerTask;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * pgjdbc under the command of the suites: see driver-connection.ts for the requests.
 *
 * <p>One request per line on stdin, fields as in COPY text. Replies with {@code row} lines and one
 * line that begins with {@code ok} or {@code error}.
 */
final class PgjdbcDriver {
  private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
  private final Map<String, ResultSet> portals = new HashMap<>();
  private Connection connection;

  public static void main(String[] arguments) throws IOException {
    new PgjdbcDriver().serve();
  }

  private void serve() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] fields = parse(line);
      try {
        run(fields);
        reply("ok");
      } catch (SQLException error) {
        fail(error);
      } catch (RuntimeException | IOException error) {
        reply("error", null, error.toString(), null, null, null);
      }
      out.flush();
    }
  }

  private void run(String[] fields) throws SQLException, IOException {
    switch (fields[0]) {
      case "connect" -> connect(fields);
      case "query" -> query(fields);
      case "query_then_cancel" -> queryThenCancel(fields[1], Integer.parseInt(fields[2]));
      case "begin" -> connection.setAutoCommit(false);
      case "commit" -> {
        connection.commit();
        connection.setAutoCommit(true);
      }
      case "rollback" -> {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      case "page" -> page(fields[1], Integer.parseInt(fields[2]));
      case "open_portal" -> openPortal(fields[1], fields[2], Integer.parseInt(fields[3]));
      case "fetch" -> fetch(portals.get(fields[1]), Integer.parseInt(fields[2]));
      case "describe_portal" -> describe(portals.get(fields[1]).getMetaData());
      case "close_portal" -> portals.remove(fields[1]).getStatement().close();
      case "copy_out" -> copyOut(fields[1]);
      case "copy_in" -> copyIn(fields[1], java.util.Base64.getDecoder().decode(fields[2]));
      case "close" -> connection.close();
      default -> throw new IllegalArgumentException(fields[0]);
    }
  }

  private void connect(String[] fields) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", fields[4]);
    properties.setProperty("password", fields[5]);
    properties.setProperty("sslmode", fields[6]);
    properties.setProperty("ssl", String.valueOf(!fields[6].equals("disable")));
    if (fields[6].equals("verify-full")) properties.setProperty("sslrootcert", fields[7]);
    if (fields[8].equals("true")) properties.setProperty("prepareThreshold", "-1");
    String url = "jdbc:postgresql://" + fields[1] + ":" + fields[2] + "/" + fields[3];
    connection = DriverManager.getConnection(url, properties);
  }

  private void copyOut(String sql) throws SQLException, IOException {
    java.io.ByteArrayOutputStream data = new java.io.ByteArrayOutputStream();
    connection.unwrap(org.postgresql.PGConnection.class).getCopyAPI().copyOut(sql, data);
    reply("row", java.util.Base64.getEncoder().encodeToString(data.toByteArray()));
  }

  private void copyIn(String sql, byte[] data) throws SQLException, IOException {
    connection
        .unwrap(org.postgresql.PGConnection.class)
        .getCopyAPI()
        .copyIn(sql, new java.io.ByteArrayInputStream(data));
  }

  private void query(String[] fields) throws SQLException {
    try (PreparedStatement statement = prepare(fields[1])) {
      for (int i = 2; i < fields.length; i += 1) {
        statement.setObject(i - 1, fields[i], java.sql.Types.OTHER);
      }
      if (statement.execute()) replyWithRows(statement.getResultSet(), Integer.MAX_VALUE, true);
    }
  }

  private void queryThenCancel(String sql, int afterMs) throws SQLException {
    Timer timer = new Timer(true);
    try (Statement statement = connection.createStatement()) {
      timer.schedule(
          new TimerTask() {
            @Override
            public void run() {
              try {
                statement.cancel();
              } catch (SQLException error) {
                System.err.println(error);
              }
            }
          },
          afterMs);
      statement.execute(sql);
    } finally {
      timer.cancel();
    }
  }

  /** pgjdbc fetches in pages only inside a transaction. */
  private void page(String sql, int fetchSize) throws SQLException {
    connection.setAutoCommit(false);
    long rows = 0;
    long sum = 0;
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(fetchSize);
      ResultSet result = statement.executeQuery(sql);
      while (result.next()) {
        rows += 1;
        sum += result.getLong(1);
      }
      connection.commit();
    } catch (SQLException error) {
      connection.rollback();
      throw error;
    } finally {
      connection.setAutoCommit(true);
    }
    reply("row", String.valueOf(rows), String.valueOf(sum));
  }

  private void openPortal(String name, String sql, int fetchSize) throws SQLException {
    PreparedStatement statement = prepare(sql);
    statement.setFetchSize(fetchSize);
    portals.put(name, statement.executeQuery());
  }

  private void fetch(ResultSet result, int rows) throws SQLException {
    replyWithRows(result, rows, false);
  }

  private void describe(ResultSetMetaData about) throws SQLException {
    for (int i = 1; i <= about.getColumnCount(); i += 1) {
      // the base table and auto-increment make pgjdbc ask the server's catalogue
      String autoIncrement = String.valueOf(about.isAutoIncrement(i));
      reply("row", about.getColumnLabel(i), about.getColumnTypeName(i), autoIncrement);
    }
  }

  private PreparedStatement prepare(String sql) throws SQLException {
    return connection.prepareStatement(sql.replaceAll("\\$[0-9]+", "?"));
  }

  private void replyWithRows(ResultSet result, int most, boolean withColumns) throws SQLException {
    int count = result.getMetaData().getColumnCount();
    if (withColumns) {
      List<String> names = new ArrayList<>(List.of("columns"));
      for (int i = 1; i <= count; i += 1) names.add(result.getMetaData().getColumnLabel(i));
      reply(names.toArray(String[]::new));
    }
    for (int row = 0; row < most && result.next(); row += 1) {
      List<String> fields = new ArrayList<>(List.of("row"));
      for (int i = 1; i <= count; i += 1) fields.add(textOf(result, i));
      reply(fields.toArray(String[]::new));
    }
  }

  /** In PostgreSQL's notation, whatever the format on the wire; getString() has its own for some. */
  private static String textOf(ResultSet result, int column) throws SQLException {
    if (result.getObject(column) == null) return null;
    String type = result.getMetaData().getColumnTypeName(column);
    if (type.equals("bytea")) return "\\x" + HexFormat.of().formatHex(result.getBytes(column));
    if (type.equals("numeric")) return result.getBigDecimal(column).toPlainString();
    if (!type.startsWith("_")) return result.getString(column);
    List<String> elements = new ArrayList<>();
    for (Object element : (Object[]) result.getArray(column).getArray()) {
      elements.add(elementText(element));
    }
    return "{" + String.join(",", elements) + "}";
  }

  private static String elementText(Object element) {
    if (element == null) return "NULL";
    String text = element.toString();
    boolean plain = text.matches("[^{}\",\\\\\\s]+") && !text.equalsIgnoreCase("NULL");
    return plain ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private void fail(SQLException error) {
    ServerErrorMessage about =
        error instanceof PSQLException known ? known.getServerErrorMessage() : null;
    if (about == null) {
      reply("error", error.getSQLState(), error + " " + error.getCause(), null, null, null);
      return;
    }
    String position = about.getPosition() == 0 ? null : String.valueOf(about.getPosition());
    String state = error.getSQLState();
    reply("error", state, about.getMessage(), position, about.getHint(), about.getDetail());
  }

  private void reply(String... fields) {
    List<String> escaped = new ArrayList<>();
    for (String field : fields) escaped.add(field == null ? "\\N" : escape(field));
    out.print(String.join("\t", escaped) + "\n");
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }

  private static String[] parse(String line) {
    String[] fields = line.split("\t", -1);
    for (int i = 0; i < fields.length; i += 1) {
      fields[i] = fields[i].equals("\\N") ? null : unescape(fields[i]);
    }
    return fields;
  }

  private static String unescape(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i += 1) {
      char letter = text.charAt(i);
      if (letter == '\\') {
        i += 1;
        char code = text.charAt(i);
        letter = code == 't' ? '\t' : code == 'n' ? '\n' : code == 'r' ? '\r' : code;
      }
      plain.append(letter);
    }
    return plain.toString();
  }
}
